import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores(["dist", "node_modules"]),
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ["./tsconfig.json", "./src/tsconfig.json", "./constitution/tsconfig.json"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // The house style is `type`, and `interface` where something implements it: the reader decides, not the linter.
      "@typescript-eslint/consistent-type-definitions": "off",
      // Numbers in messages are wanted; everything else must be made text on purpose.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  {
    // Runs inside CCF: promises are never settled there, the clock is not trusted, logs leave the enclave.
    files: ["src/**/*.ts", "constitution/**/*.ts"],
    rules: {
      "no-console": "error",
      "no-restricted-globals": [
        "error",
        { name: "Date", message: "CCF gives no trusted clock." },
        { name: "Promise", message: "CCF never settles promises." },
      ],
      "no-restricted-syntax": [
        "error",
        { selector: ":function[async=true]", message: "CCF never settles promises." },
        { selector: "AwaitExpression", message: "CCF never settles promises." },
        { selector: "MemberExpression[object.name='Math'][property.name='random']", message: "Not reproducible; use ccf.crypto." },
      ],
    },
  },
);
