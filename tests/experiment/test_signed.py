"""Where a site asks for signatures, nothing runs but what was signed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from agentlab.core.progress import Silent
from agentlab.errors import InputError
from agentlab.experiment.load import load_experiment
from agentlab.experiment.session import resume_run, run_experiment
from agentlab.experiment.signed import check_signed, sign_experiment, signature_file
from agentlab.signing.ed25519 import read_private_key
from agentlab.signing.settings import SigningSettings
from agentlab.store.run_folder import list_runs
from tests.experiment.contenders import write_benchmark
from tests.signing.conftest import KeyFiles, make_keys

pytestmark = pytest.mark.usefixtures("called")

RANKER = "agentlab.testing.environments.ranker:RankerEnvironment"
TARGET = Path("agentlab/testing/environments/targets/noisy")


class Interrupting(Silent):
    """Presses Ctrl-C as soon as there is a run."""

    def __init__(self, runs: Path) -> None:
        self._runs = runs

    def progress(self, progress: object) -> None:
        if self._runs.exists():
            raise KeyboardInterrupt


@pytest.fixture
def keys(tmp_path: Path) -> KeyFiles:
    return make_keys(tmp_path)


@pytest.fixture
def settings(tmp_path: Path, keys: KeyFiles) -> SigningSettings:
    return SigningSettings(
        require_signed=True, trusted_keys=("agentlab.pub",), file=tmp_path / "agentlab.toml"
    )


@pytest.fixture
def file(tmp_path: Path, keys: KeyFiles) -> Path:
    """Returns a signed experiment whose target may be changed."""
    shutil.copytree(TARGET, tmp_path / "agent")
    file = Path(write_benchmark(tmp_path, "one", target=str(tmp_path / "agent")))
    assert sign_experiment(file, read_private_key(keys.private)) == tmp_path / "one.yaml.sig"
    return file


def ask_for_signatures(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = folder / "agentlab.toml"
    config.write_text("[signing]\nrequire_signed = true\ntrusted_keys = ['agentlab.pub']\n")
    monkeypatch.setenv("AGENTLAB_CONFIG", str(config))


def refusal(file: Path | None, settings: SigningSettings, *overrides: str) -> str:
    experiment = load_experiment(file or Path("experiments/browser.yaml"), overrides)
    with pytest.raises(InputError) as refused:
        check_signed(experiment, file, settings)
    return str(refused.value)


def test_what_a_trusted_key_signed_may_run(file: Path, settings: SigningSettings) -> None:
    signature = check_signed(load_experiment(file), file, settings)
    assert signature == signature_file(file).read_bytes()


def test_where_nothing_is_asked_everything_may(tmp_path: Path) -> None:
    file = Path(write_benchmark(tmp_path, "one"))
    assert check_signed(load_experiment(file), file, SigningSettings()) is None


def test_a_changed_target_setting_or_option_is_named(file: Path, settings: SigningSettings) -> None:
    assert "seed: not as signed" in refusal(file, settings, "seed=2")
    assert "executor.kind: not as signed" in refusal(file, settings, "executor.kind=ray")
    agent = file.parent / "agent/agent.py"
    agent.write_text(agent.read_text() + "\n")
    assert "target.path: not as signed" in refusal(file, settings)
    assert f"agentlab sign {file}" in refusal(file, settings)


def test_without_or_with_a_stranger_s_signature_it_is_refused(
    file: Path, settings: SigningSettings, tmp_path: Path
) -> None:
    (other := tmp_path / "other").mkdir()
    sign_experiment(file, read_private_key(make_keys(other).private))
    assert "which is not trusted" in refusal(file, settings)
    place = signature_file(file)
    place.write_bytes(place.read_bytes().replace(b'"seed":1', b'"seed":2'))
    assert "which is not trusted" in refusal(file, settings)
    place.write_bytes(b"no signature")
    assert "is not what agentlab wrote" in refusal(file, settings)
    place.unlink()
    assert f"{file}: is not signed" in refusal(file, settings)
    assert "an experiment without a file" in refusal(None, settings)


def test_a_run_takes_its_signature_along_and_nothing_else_is_resumed(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_for_signatures(tmp_path, monkeypatch)
    runs = tmp_path / "runs"
    with pytest.raises(InputError, match="seed: not as signed"):
        run_experiment(load_experiment(file, ["seed=2"]), runs=runs, observer=Silent(), file=file)
    assert not runs.exists()

    with pytest.raises(KeyboardInterrupt):
        run_experiment(load_experiment(file), runs=runs, observer=Interrupting(runs), file=file)
    (folder,) = list_runs(runs)
    text = folder.experiment.read_text()
    folder.experiment.write_text(text.replace("seed: 1", "seed: 2"))
    with pytest.raises(InputError, match="seed: not as signed"):
        resume_run(folder, observer=Silent())
    folder.experiment.write_text(text)
    signature_file(folder.experiment).unlink()
    with pytest.raises(InputError, match="is not signed"):
        resume_run(folder, observer=Silent())


def test_an_aa_of_what_was_signed_may_run_and_go_on_and_no_other(
    file: Path, settings: SigningSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = load_experiment(file)
    assert check_signed(signed.for_aa(20), file, settings) is not None
    changed = load_experiment(file, ["objective.rule.alpha=0.5"])
    with pytest.raises(InputError, match=r"objective\.rule\.alpha: not as signed"):
        check_signed(changed.for_aa(20), file, settings)
    ask_for_signatures(tmp_path, monkeypatch)
    runs = tmp_path / "runs"
    with pytest.raises(KeyboardInterrupt):
        run_experiment(signed.for_aa(20), runs=runs, observer=Interrupting(runs), file=file)
    (folder,) = list_runs(runs)
    with pytest.raises(KeyboardInterrupt):
        resume_run(folder, observer=Interrupting(runs))


def test_a_signed_run_on_fixed_data_goes_on_with_the_rule_that_suits_them(
    keys: KeyFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = TARGET.with_name("ranker")
    file = Path(
        write_benchmark(
            tmp_path,
            "ranking",
            environment=RANKER,
            target=f"{{path: {target}, prepare: 'agent.py:prepare'}}",
            accept="[cache]",
        )
    )
    sign_experiment(file, read_private_key(keys.private))
    ask_for_signatures(tmp_path, monkeypatch)
    runs = tmp_path / "runs"
    with pytest.raises(KeyboardInterrupt):
        run_experiment(load_experiment(file), runs=runs, observer=Interrupting(runs), file=file)
    (folder,) = list_runs(runs)
    assert load_experiment(folder.experiment).objective.rule.name == "gate"
    with pytest.raises(KeyboardInterrupt):
        resume_run(folder, observer=Interrupting(runs))
    text = folder.experiment.read_text()
    folder.experiment.write_text(re.sub("alpha: .*", "alpha: 0.5", text))
    with pytest.raises(InputError, match=r"objective\.rule\.alpha.*: not as signed"):
        resume_run(folder, observer=Interrupting(runs))
