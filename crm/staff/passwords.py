"""Password rules beyond Django's own."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class FourClassesValidator:
    """Asks for all four classes of characters: upper case, lower case, digits, others (MLPS level 3 practice)."""

    def validate(self, password: str, user: Any = None) -> None:
        classes = (str.isupper, str.islower, str.isdecimal, lambda character: not character.isalnum())
        if not all(any(has(character) for character in password) for has in classes):
            raise ValidationError(self.get_help_text(), code="four_classes")

    def get_help_text(self) -> str:
        return _("Use upper case letters, lower case letters, digits and other signs.")
