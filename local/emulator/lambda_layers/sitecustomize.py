"""Runs when Python starts in a Lambda worker: `/opt/...` means the function's layers, output goes to the log.

AWS Lambda mounts layers at /opt. ministack's local executor unpacks them into temporary folders, named in
_LAMBDA_LAYERS_DIRS, so that a handler which starts a layer's program by its absolute path (CDK's
BucketDeployment: /opt/awscli/aws) would not find it. The variable is set in workers only, so elsewhere this
module does nothing.

A worker answers ministack on its standard output, and so do the programs that the handler starts, unless they
are told otherwise: `aws s3 sync` writes a line per file, and ministack gives up after 200 lines without an
answer. On AWS that output goes to the function's log; here it goes to standard error, which is the log.
"""

import os
import subprocess
import sys

_LAYERS = [folder for folder in os.environ.get("_LAMBDA_LAYERS_DIRS", "").split(os.pathsep) if folder]
_MOUNT = "/opt/"
_ANSWERS_APART = "_LAMBDA_ANSWERS_APART"


def _located(program):  # type: ignore[no-untyped-def]  # runs in any Python that a function may use
    """Return the command's first words for `program`, a path under /opt; None if no layer has it."""
    for folder in _LAYERS:
        path = os.path.join(folder, program[len(_MOUNT) :])  # noqa: PTH118 - a worker's start-up stays light
        if os.path.exists(path):  # noqa: PTH110 - as above
            with open(path, "rb") as file:  # noqa: PTH123 - as above
                first_line = file.readline()
            # A layer's script names Lambda's own interpreter (/var/lang/bin/python), which is ours here.
            is_python = first_line.startswith(b"#!") and b"python" in first_line
            return [sys.executable, path] if is_python else [path]
    return None


def _keep_answers_apart() -> None:
    """Leave the answers' pipe to this process' own sys.stdout; what it starts inherits the log instead."""
    answers = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.stdout = os.fdopen(answers, "w", encoding="utf-8")
    os.environ[_ANSWERS_APART] = "1"  # the programs that are started are no workers


if _LAYERS and _ANSWERS_APART not in os.environ:
    _keep_answers_apart()

if _LAYERS:
    _start = subprocess.Popen.__init__

    def _popen(self, args, *rest, **options):  # type: ignore[no-untyped-def]  # passes everything through
        if isinstance(args, (list, tuple)) and args and str(args[0]).startswith(_MOUNT):
            command = _located(str(args[0]))  # type: ignore[no-untyped-call]  # see above
            if command is not None:
                args = [*command, *args[1:]]
        _start(self, args, *rest, **options)

    subprocess.Popen.__init__ = _popen  # type: ignore[method-assign]  # the one point every start goes through
