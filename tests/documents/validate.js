// validate.js FILE: holds it against the schema of OpenAPI 3.1 that the OpenAPI Initiative publishes.
import {Validator} from "@seriousme/openapi-schema-validator";

const validator = new Validator();
const result = await validator.validate(process.argv[2]);
if (!result.valid) {
  console.log(JSON.stringify(result.errors, null, 2));
  process.exit(1);
}
if (validator.version !== "3.1") {
  console.log(`the version is ${validator.version}`);
  process.exit(1);
}
