"""All rows, in the order of docs/CONFORMANCE.md."""
from . import (answers, bodies, chunked, connections, fields, host, limits, paths, request_line, smuggling, strangers,
               targets)

SECTIONS = (
    request_line.REQUEST_LINE,
    request_line.VERSIONS,
    targets.TARGETS,
    targets.METHODS,
    host.HOSTS,
    fields.FIELDS,
    bodies.LENGTH,
    bodies.CODING,
    chunked.CHUNKS,
    chunked.EXTENSIONS,
    chunked.TRAILERS,
    smuggling.SMUGGLING,
    connections.PIPELINES,
    connections.CLOSE,
    connections.OLD,
    connections.EXPECTATIONS,
    answers.ANSWERS,
    limits.LIMITS,
    paths.PATHS,
    strangers.STRANGERS,
    strangers.LEAVING,
    strangers.SLOW,
)
