"""One organisation moves to another data folder by the command line."""

import json
import shutil
import zipfile


def test_an_archive_moves_to_another_data_folder(gloed, inhabited, prepared, tmp_path):
    here = shutil.copytree(inhabited, tmp_path / "here")
    there = shutil.copytree(prepared, tmp_path / "there")
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    assert "Noorderlicht" in gloed("export", "-o", first, "--data", here).stdout
    assert "exists already" in gloed("export", "-o", first, "--data", here, code=2).stderr
    told = gloed("import-archive", first, "--data", there).stdout
    assert "gloed admin password alice@example.org" in told
    gloed("export", "--organisation", "noorderlicht", "--output", second, "--data", there)
    with zipfile.ZipFile(first) as old, zipfile.ZipFile(second) as new:
        assert old.namelist() == new.namelist()
        changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
        rows = {
            part["kind"]: part["rows"] for part in json.loads(new.read("manifest.json"))["parts"]
        }
    assert changed <= {"audit.jsonl", "manifest.json"}
    assert (rows["persons"], rows["teams"], rows["members_of_teams"]) == (1500, 5, 5)
    assert list((there / "projection").rglob("manifest.json"))
    whole = first.read_bytes()
    first.write_bytes(whole[: len(whole) // 2])
    assert "not whole" in gloed("import-archive", first, "--data", there, code=2).stderr
    assert "no file" in gloed("import-archive", tmp_path / "x", "--data", there, code=2).stderr
