#!/usr/bin/env python3
"""Writes src/commands.txt: the names and types of AWS API actions that the command line knows.

The facts come from AWS's own service models as the PyPI package `botocore` ships them (Apache-2.0): names, types, lists
of values, lower limits and how answers come in pages; nothing else. To bring the facts up to date, take a
newer one:

    python3 -m venv target/models && target/models/bin/pip install botocore==1.44.8
    target/models/bin/python crates/aws-cli/generate.py > crates/aws-cli/src/commands.txt

The format is told in src/table.rs.
"""

import gzip
import json
import pathlib
import re
import sys

import botocore
from botocore import xform_name

# Command, folder of botocore's data, prefix of the simulator's actions, and the actions to describe: all that are
# simulated or may soon be. Of all others only the names are kept.
SERVICES = [
    ("dynamodb", "dynamodb", "dynamodb", "^((Create|Delete|Describe)Table|ListTables|(Put|Get|Update|Delete)Item|Query|Scan)$"),
    ("events", "events", "events", "^PutEvents$"),
    ("iam", "iam", "iam", "^((Create|Get|List|Delete|Update|Tag|Untag)Roles?|ListRoleTags|UpdateRoleDescription"
     "|UpdateAssumeRolePolicy|(Attach|Detach|Put|Get|Delete)RolePolicy|List(Attached)?RolePolicies|ListPolicies"
     "|(Create|Get|Delete)Policy(Version)?|ListPolicyVersions|SetDefaultPolicyVersion|ListEntitiesForPolicy"
     "|Simulate(Principal|Custom)Policy|(Put|Delete)RolePermissionsBoundary)$"),
    ("lambda", "lambda", "lambda", "^((Create|Update|Get|List|Delete)EventSourceMappings?"
     "|(Create|Get|List|Delete)Functions?|(Get|Update)FunctionConfiguration|UpdateFunctionCode"
     "|(Get|Put|Delete)FunctionConcurrency|Invoke|GetAccountSettings|TagResource|UntagResource|ListTags"
     "|(Put|Get|Update|Delete|List)FunctionEventInvokeConfigs?|(Add|Remove)Permission|GetPolicy"
     "|PublishVersion|ListVersionsByFunction|(Create|Get|Update|Delete)Alias|ListAliases"
     "|(Put|Get)FunctionRecursionConfig)$"),
    ("s3api", "s3", "s3", "^((Create|Delete|Head)Bucket|GetBucketLocation|ListBuckets|(Put|Get|Head|Copy|Delete)Object"
     "|DeleteObjects|ListObjects(V2)?)$"),
    ("secretsmanager", "secretsmanager", "secretsmanager", "^((Create|Describe|Delete|Update)Secret|ListSecrets|(Get|Put)SecretValue)$"),
    ("sns", "sns", "sns", "^((Create|Delete)Topic|ListTopics|(Get|Set)TopicAttributes|Subscribe|Unsubscribe"
     "|(Get|Set)SubscriptionAttributes|ListSubscriptions(ByTopic)?|Publish(Batch)?)$"),
    ("sqs", "sqs", "sqs", ""),
    ("stepfunctions", "stepfunctions", "states", ""),
    ("sts", "sts", "sts", "^GetCallerIdentity$"),
]

# Longer lists would only be noise.
MOST_ENUM_VALUES = 60


class Service:
    def __init__(self, model):
        self.shapes = model["shapes"]
        self.numbers = {}
        self.lines = []

    def structure(self, name):
        """The line number of a structure, which is written on first sight."""
        if name not in self.numbers:
            self.numbers[name] = len(self.lines)
            self.lines.append(None)
            required = set(self.shapes[name].get("required", []))
            self.lines[self.numbers[name]] = ",".join(
                member + ("!" if member in required else "") + self.kind(shape)
                for member, shape in self.shapes[name]["members"].items()
            )
        return self.numbers[name]

    def kind(self, reference):
        shape = self.shapes[reference["shape"]]
        least = shape.get("min")
        limit = "" if least is None else str(int(least) if least == int(least) else least)
        match shape["type"]:
            case "structure" if shape.get("document") or shape.get("eventstream"):
                return "?"
            case "structure":
                return f"#{self.structure(reference['shape'])}"
            case "list":
                return "[" + limit + self.kind(shape["member"])
            case "map":
                return "{" + self.kind(shape["value"])
            case "string" if 0 < len(shape.get("enum", [])) <= MOST_ENUM_VALUES:
                assert not re.search("[,|@\n]", "".join(shape["enum"])), shape["enum"]
                return "=" + "|".join(shape["enum"])
            case "string" | "character":
                return ":" + limit
            case "timestamp":
                return "%"
            case "blob":
                return "$" + ("s" if reference.get("streaming") or shape.get("streaming") else "")
            case "integer" | "long" | "bigInteger":
                return "+" + limit
            case "float" | "double" | "bigDecimal":
                return "*" + limit
            case "boolean":
                return "?b"
        sys.exit(f"unknown type {shape['type']}")


def pages(paginator):
    """Tokens, more_results, limit and results of an action whose answer comes in pages."""
    one = lambda value: ",".join(value) if isinstance(value, list) else value or ""
    keys = ["input_token", "output_token", "more_results", "limit_key", "result_key", "non_aggregate_keys"]
    return "".join(f";{one(paginator.get(key))}" for key in keys)


def main():
    data = pathlib.Path(botocore.__file__).parent / "data"
    for command, folder, prefix, wanted in SERVICES:
        newest = sorted((data / folder).iterdir())[-1]
        model = json.loads(gzip.decompress((newest / "service-2.json.gz").read_bytes()))
        paginators = newest / "paginators-1.json"
        paginated = json.loads(paginators.read_text())["pagination"] if paginators.exists() else {}
        service = Service(model)
        known, others = [], []
        for name, operation in sorted(model["operations"].items()):
            if not re.search(wanted, name):
                others.append(name)
                continue
            ends = [
                str(service.structure(operation[end]["shape"])) if operation.get(end) else "" for end in ("input", "output")
            ]
            line = f"{name};{ends[0]};{ends[1]}"
            known.append(line + (pages(paginated[name]) if name in paginated else ""))
        print(f"@{command} {prefix}", " ".join(others), len(known), *known, *service.lines, sep="\n")


main()
