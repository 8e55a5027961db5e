/* What the consumer brings along: how the data are joined, and what is trained on them. */

const features = ["age", "doses", "months_since_dose", "ct_value", "sequenced", "symptoms", "travelled", "contacts"];

export const modelConfiguration = {
  saved_model_path: "/mnt/remote/model/model.onnx",
  trained_model_output_path: "/mnt/remote/output/model.onnx",
  input_features: features,
  target_variable: "test_result",
  test_train_split: 0.2,
  total_epochs: 30,
  batch_size: 32,
  learning_rate: 0.003,
  seed: 42,
};

/** From the inputs to the output. */
export const layers = [features.length, 16, 8, 1];

export const queryConfiguration = {
  datasets: [
    {
      id: "cowin",
      name: "Vaccinations",
      file: "vaccinations.csv",
      mount_path: "/mnt/remote/cowin",
      select_variables: ["person_id", "certificate_id", "age", "doses", "months_since_dose"],
    },
    {
      id: "icmr",
      name: "Laboratory results",
      file: "laboratory_results.csv",
      mount_path: "/mnt/remote/icmr",
      select_variables: ["person_id", "sample_id", "ct_value", "sequenced", "test_result"],
    },
    {
      id: "index",
      name: "Case index",
      file: "case_index.csv",
      mount_path: "/mnt/remote/index",
      select_variables: ["person_id", "case_id", "symptoms", "travelled", "contacts"],
    },
  ],
  joined_dataset: {
    joining_key: "person_id",
    identifiers: ["person_id", "certificate_id", "sample_id", "case_id"],
  },
} as const;
