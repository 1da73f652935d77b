"""Lists that are brought in the browser: the messy file of a small bank, read by the same import as `manage.py import`.

A file is looked through before anything reads it (`inspection`), its heading is found (`layout`), its columns are
recognised (`recognise`) and chosen by a person (`columns`), and a worker checks and imports it (`running`) through
`customers.importing.engine`. The import can be taken back for a while (`undo`). Whatever holds rows is sealed
(`files`).
"""
