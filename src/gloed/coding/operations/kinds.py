"""The names of this room's jobs, as they stand in the record."""

CODE = "coding.code"
RECODE = "coding.recode"
PREVIEW = "coding.preview"
RECKON = "coding.reckon"
LEARN = "coding.learn"
PROPOSE = "coding.propose"
DAILY = "coding.daily"
