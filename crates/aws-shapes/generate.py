#!/usr/bin/env python3
"""Writes src/shapes.txt: what the answers of AWS API actions look like.

The facts come from AWS's own service models as the PyPI package `botocore` ships them (Apache-2.0): names, types and
limits of output members, nothing else. The version is that of the days when TestState's mocks were recorded; to bring
the facts up to date, take a newer one:

    python3 -m venv target/models && target/models/bin/pip install botocore==1.41.5
    target/models/bin/python crates/aws-shapes/generate.py > crates/aws-shapes/src/shapes.txt

The format is told in src/table.rs.
"""

import gzip
import json
import pathlib
import re
import sys

import botocore

# Folders of botocore's data, all actions.
SERVICES = """
athena batch dynamodb emr emr-containers emr-serverless events firehose kinesis kms lambda rds-data redshift-data s3
scheduler secretsmanager sns sqs stepfunctions sts translate
""".split()

# Services with large models: what state machines use of them.
SELECTED = {
    "bedrock-runtime": "^(Converse|ApplyGuardrail)$",
    "cloudformation": "^(Create|Update|Delete|Describe)Stack(s|Resources|Events)?$|^DetectStackDrift$",
    "cloudwatch": "^(PutMetricData|GetMetric(Data|Statistics)|DescribeAlarms)$",
    "codebuild": "^(StartBuild|StopBuild|BatchGetBuilds|StartBuildBatch|StopBuildBatch|BatchGetBuildBatches)$",
    "comprehend": "^Detect",
    "databrew": "^(StartJobRun|DescribeJobRun|ListJobRuns)$",
    "ec2": "^Describe(Instances|InstanceStatus|Snapshots|SecurityGroups|Subnets|Vpcs)$"
    "|^(Run|Start|Stop|Terminate)Instances$|^CreateSnapshot$",
    "ecr": "^(Batch|Describe|List).*Images?$|^DescribeRepositories$",
    "ecs": "^(RunTask|StartTask|StopTask|DescribeTasks|ListTasks|UpdateService|DescribeServices)$",
    "eks": "^(Create|Describe|Delete)(Cluster|Nodegroup|FargateProfile)$",
    "glue": "^(StartJobRun|GetJobRuns?|GetJobs?|StartCrawler|GetCrawlers?|GetTables?|GetDatabases?|GetPartitions?"
    "|BatchCreatePartition|BatchStopJobRun)$",
    "iam": "^(Get|List|Create|Simulate).*(Role|User|Policy|Policies|Group)s?$",
    "logs": "^(Create|Describe)Log(Group|Stream)s?$|^PutLogEvents$|^(Get|Filter)LogEvents$|^(Start|Get)Quer",
    "mediaconvert": "^(ListQueues|GetQueue)$",
    "polly": "SpeechSynthesisTask$",
    "rds": "^(Describe|Create|Start|Stop|Delete|Modify)DB(Instance|Cluster)(Snapshot)?s?$",
    "rekognition": "^(Detect|Compare|Recognize|SearchFaces|IndexFaces)",
    "sagemaker": "^(Create|Describe|List|Stop|Delete)(TrainingJob|TransformJob|ProcessingJob|Model|Endpoint"
    "|EndpointConfig)s?$",
    "sesv2": "^Send",
    "ssm": "^(Get|Put|Delete|Describe)Parameters?(ByPath|History)?$|^(Send|List)Commands?$|^ListCommandInvocations$"
    "|^GetCommandInvocation$|^(Start|Get)AutomationExecution$|^DescribeInstanceInformation$",
    "textract": "^(Detect|Analyze|Start|Get).*Document",
    "transcribe": "^(Start|Get|List)TranscriptionJobs?$",
}

# Longer lists (instance types) grow from month to month, and no state machine depends on them.
MOST_ENUM_VALUES = 60


def pascal(name):
    """The name as Step Functions writes it: that of the AWS SDK for Java 2, with a capital first letter."""
    words = re.sub(r"[^A-Za-z0-9]+", " ", name)
    words = re.sub(r"(?<=[a-z])(?=[A-Z][a-zA-Z0-9])", " ", words)
    words = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", words)
    words = re.sub(r"([0-9])([a-zA-Z])", r"\1 \2", words)
    return "".join(word[:1].upper() + word[1:].lower() for word in words.split())


def limits(shape):
    low, high = shape.get("min"), shape.get("max")
    if low is None and high is None:
        return ""
    text = lambda n: "" if n is None else str(int(n) if n == int(n) else n)
    return f"{text(low)}~{text(high)}"


class Service:
    def __init__(self, model):
        self.shapes = model["shapes"]
        self.numbers = {}
        self.lines = []

    def structure(self, name):
        """The line number of a structure, which is written on first sight."""
        members = self.shapes[name]["members"]
        if name not in self.numbers:
            self.numbers[name] = len(self.lines)
            self.lines.append(None)
            required = set(self.shapes[name].get("required", []))
            self.lines[self.numbers[name]] = ",".join(
                pascal(member) + ("!" if member in required else "") + self.kind(shape)
                for member, shape in members.items()
            )
        return self.numbers[name]

    def kind(self, reference):
        shape = self.shapes[reference["shape"]]
        match shape["type"]:
            case "structure" if shape.get("document") or shape.get("eventstream"):
                return "?"
            case "structure":
                return f"#{self.structure(reference['shape'])}"
            case "list":
                return "[" + limits(shape) + self.kind(shape["member"])
            case "map":
                return "{" + self.kind(shape["value"])
            case "string" if 0 < len(shape.get("enum", [])) <= MOST_ENUM_VALUES:
                assert not re.search("[,|@\n]", "".join(shape["enum"])), shape["enum"]
                return "=" + "|".join(shape["enum"])
            case "string":
                return ":" + limits(shape)
            case "character":
                return ":"
            case "timestamp":
                return "%"
            case "blob":
                return ":" + limits(shape)
            case "integer" | "long" | "bigInteger":
                return "+" + limits(shape)
            case "float" | "double" | "bigDecimal":
                return "*" + limits(shape)
            case "boolean":
                return "?b"
        sys.exit(f"unknown type {shape['type']}")


def main():
    data = pathlib.Path(botocore.__file__).parent / "data"
    for folder in sorted({*SERVICES, *SELECTED}):
        newest = sorted((data / folder).iterdir())[-1] / "service-2.json.gz"
        model = json.loads(gzip.decompress(newest.read_bytes()))
        wanted = re.compile(SELECTED.get(folder, ""))
        service = Service(model)
        actions = []
        for name, operation in model["operations"].items():
            if wanted.search(name) and operation.get("output"):
                actions.append(f"{name[0].lower()}{name[1:]} {service.structure(operation['output']['shape'])}")
        identity = re.sub("[^a-z0-9]", "", model["metadata"]["serviceId"].lower())
        print(f"@{identity}", ";".join(actions), *service.lines, sep="\n")


main()
