"""`agentlab sign`: vouch for an experiment."""

from __future__ import annotations

from agentlab.cli.options import ExperimentFile, Json

__all__ = ["sign"]


def sign(experiment: ExperimentFile, *, as_json: Json = False) -> None:
    """Sign an experiment with all that it names; the signature lies beside the file.

    The private key is the file that AGENTLAB_SIGNING_KEY names, or `key` in agentlab.toml.
    """
    from agentlab.cli.output import print_json
    from agentlab.experiment.load import find_experiment
    from agentlab.experiment.signed import sign_experiment
    from agentlab.report.console import open_console
    from agentlab.report.escape import for_terminal
    from agentlab.signing.settings import read_settings

    key = read_settings().require_private_key()
    place = sign_experiment(find_experiment(experiment), key)
    if as_json:
        print_json({"signature": str(place), "signed_by": key.public.fingerprint})
    else:
        line = f"signed by {key.public.fingerprint[:16]}: {for_terminal(str(place))}"
        open_console().print(line, soft_wrap=True)
