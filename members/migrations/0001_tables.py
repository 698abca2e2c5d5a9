import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import members.models.person
import members.stages
import roundtable.clock
import roundtable.vault


class Migration(migrations.Migration):
    replaces = [
        ("members", "0001_initial"),
        ("members", "0002_review_with_scores_and_companies"),
        ("members", "0003_drafts_and_keep_apart"),
        ("members", "0004_uploads_in_steps"),
        ("members", "0005_waiting_letters_and_hints"),
        ("members", "0006_code_of_conduct_corrected_or_changed"),
        ("members", "0007_review_at_ten_thousand"),
        ("members", "0008_rooms_of_a_city"),
        ("members", "0009_keep_apart_pairs_and_own_words"),
        ("members", "0010_sources_and_questions_of_a_program"),
        ("members", "0011_rest_until_a_day_and_private_lines"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "public_id",
                    models.CharField(
                        default=members.models.person.new_public_id, editable=False, max_length=24, unique=True
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("initials", models.CharField(blank=True, max_length=6)),
                ("pronouns", models.CharField(blank=True, max_length=40)),
                ("zone", models.CharField(default="UTC", max_length=60)),
                ("is_active", models.BooleanField(default=True)),
                ("is_staff", models.BooleanField(default=False)),
                ("date_joined", models.DateTimeField(default=roundtable.clock.now, editable=False)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "people",
                "ordering": ["name", "pk"],
                "indexes": [
                    models.Index(
                        models.Func(
                            models.F("email"),
                            models.Value("[+].*@"),
                            models.Value("@"),
                            function="regexp_replace",
                            output_field=models.TextField(),
                        ),
                        name="person_by_mailbox",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"), name="one_account_per_address_whatever_its_case"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Program",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=120)),
                ("summary", models.TextField(blank=True)),
                (
                    "roster",
                    models.CharField(
                        choices=[
                            ("fixed", "a circle: the same people each time"),
                            ("open", "a roundtable: a larger pool, invited each time"),
                        ],
                        default="fixed",
                        max_length=8,
                    ),
                ),
                ("size_min", models.PositiveSmallIntegerField(default=6)),
                ("size_target", models.PositiveSmallIntegerField(default=8)),
                ("size_max", models.PositiveSmallIntegerField(default=9)),
                ("minutes", models.PositiveSmallIntegerField(default=90)),
                ("every_weeks", models.PositiveSmallIntegerField(default=6)),
                ("max_per_company", models.PositiveSmallIntegerField(default=1)),
                ("willing_min", models.PositiveSmallIntegerField(default=2)),
                ("answer_days", models.PositiveSmallIntegerField(default=5)),
                ("opens_at", models.DateTimeField(blank=True, null=True)),
                ("closes_at", models.DateTimeField(blank=True, null=True)),
                (
                    "blind_first_pass",
                    models.BooleanField(
                        default=False,
                        help_text="In review, name, address and company of an application appear once you have scored it.",
                        verbose_name="hide names and companies at first",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("size_max__lte", 12),
                            ("size_min__gte", 2),
                            ("size_min__lte", models.F("size_target")),
                            ("size_target__lte", models.F("size_max")),
                        ),
                        name="a_program_seats_2_to_12_and_its_sizes_are_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__range", (30, 240))), name="a_meeting_lasts_30_to_240_minutes"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("every_weeks__range", (1, 12))), name="a_cadence_is_1_to_12_weeks"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answer_days__range", (3, 10))), name="people_have_3_to_10_days_to_answer"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Organizer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("program", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="members.program")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="organizing",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("metro", models.CharField(blank=True, max_length=80)),
                ("reads_own_words", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("reads_own_words", True)),
                        fields=("program",),
                        name="one_organizer_reads_own_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reads_own_words", False), ("metro", ""), _connector="OR"),
                        name="who_reads_own_words_looks_after_the_whole_program",
                    ),
                    models.UniqueConstraint(
                        fields=("program", "person", "metro"), name="one_organizer_role_per_program_and_metro"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlaceAlias",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="place_aliases", to="members.program"
                    ),
                ),
                ("text", models.CharField(max_length=40)),
                ("place_id", models.PositiveIntegerField()),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("made_at", models.DateTimeField(default=roundtable.clock.now)),
            ],
            options={
                "verbose_name_plural": "place aliases",
                "ordering": ["text", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("program", "text"), name="one_meaning_per_alias_and_program")
                ],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sources", to="members.program"
                    ),
                ),
                ("slug", models.SlugField(max_length=40)),
                ("name", models.CharField(max_length=80)),
            ],
            options={
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("program", "slug"), name="a_link_of_a_program_means_one_source")
                ],
            },
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=members.models.person.new_public_id, editable=False, max_length=24, unique=True
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="applications", to="members.program"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="applications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("submitted", "submitted"),
                            ("pooled", "pooled"),
                            ("placed", "placed"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                            ("dormant", "dormant"),
                        ],
                        default=members.stages.Stage["DRAFT"],
                        max_length=12,
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                ("rests_until", models.DateField(blank=True, null=True)),
                ("held_at", models.DateTimeField(blank=True, null=True)),
                ("place_text", models.CharField(blank=True, max_length=200)),
                (
                    "placed",
                    models.CharField(
                        choices=[
                            ("resolved", "found"),
                            ("confirm", "to be confirmed"),
                            ("ask", "several candidates"),
                            ("unknown", "not found"),
                        ],
                        default="unknown",
                        max_length=10,
                    ),
                ),
                ("place_step", models.CharField(blank=True, max_length=40)),
                ("place_name", models.CharField(blank=True, max_length=120)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("metro", models.CharField(blank=True, max_length=80)),
                ("candidates", models.JSONField(blank=True, default=list)),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("in_person", "in person only"),
                            ("prefer_in_person", "in person preferred"),
                            ("either", "either"),
                            ("video", "video only"),
                        ],
                        default="either",
                        max_length=16,
                    ),
                ),
                ("role", models.CharField(blank=True, max_length=20)),
                ("role_text", models.CharField(blank=True, max_length=120)),
                ("org_size", models.CharField(blank=True, max_length=12)),
                ("years_in_tech", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("years_leading", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("still_coding", models.CharField(blank=True, max_length=20)),
                ("company", models.CharField(blank=True, max_length=120)),
                ("company_key", models.CharField(blank=True, db_index=True, max_length=120)),
                ("sector", models.CharField(blank=True, max_length=80)),
                ("shows_company", models.BooleanField(default=True)),
                ("topics", models.JSONField(blank=True, default=list)),
                ("cadences", models.JSONField(blank=True, default=list)),
                ("willing", models.BooleanField(default=True)),
                ("extra", models.JSONField(blank=True, default=dict)),
                ("skipped_before", models.PositiveSmallIntegerField(default=0)),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="applications",
                        to="members.source",
                    ),
                ),
            ],
            options={
                "ordering": ["submitted_at", "pk"],
                "indexes": [
                    models.Index(
                        fields=["program", "stage", "submitted_at", "id"],
                        include=("metro",),
                        name="application_by_stage",
                    ),
                    models.Index(
                        condition=models.Q(("placed", "resolved"), _negated=True),
                        fields=["program"],
                        name="application_place_unclear",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("program", "person"), name="one_application_per_person_and_program"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "stage__in",
                                ["draft", "submitted", "pooled", "placed", "declined", "withdrawn", "dormant"],
                            )
                        ),
                        name="an_application_is_in_a_known_stage",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stage", members.stages.Stage["DRAFT"]), ("submitted_at__isnull", False), _connector="OR"
                        ),
                        name="what_is_no_draft_was_submitted_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rests_until", None), ("stage", members.stages.Stage["DORMANT"]), _connector="OR"
                        ),
                        name="only_who_rests_comes_back_on_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdentityAnswers",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="members.application"
                    ),
                ),
                (
                    "public_id",
                    models.CharField(
                        default=members.models.person.new_public_id, editable=False, max_length=24, unique=True
                    ),
                ),
                ("answers", roundtable.vault.EncryptedText(blank=True)),
                ("source", models.CharField(default="form", max_length=20)),
                ("made_at", models.DateTimeField(default=roundtable.clock.now)),
                ("consented_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Unconfirmed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=members.models.person.new_public_id, editable=False, max_length=24, unique=True
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="members.program"
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("answers", roundtable.vault.EncryptedText()),
                ("page", models.CharField(blank=True, max_length=12)),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="members.source",
                    ),
                ),
                ("code_hash", models.CharField(blank=True, max_length=64)),
                ("coded_at", models.DateTimeField(blank=True, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("made_at", models.DateTimeField(default=roundtable.clock.now)),
                ("edited_at", models.DateTimeField(db_index=True, default=roundtable.clock.now)),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("tries__lte", 3)), name="a_code_is_tried_three_times_at_most"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="KeepApartLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=members.models.person.new_public_id, editable=False, max_length=24, unique=True
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="members.application"
                    ),
                ),
                ("words", roundtable.vault.EncryptedText()),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("open", "not settled"),
                            ("people", "kept apart"),
                            ("company", "a company, now and later"),
                            ("nobody", "nobody here"),
                        ],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("company", roundtable.vault.EncryptedText(blank=True)),
                ("looked_at", models.JSONField(blank=True, default=list)),
                ("private", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField(default=roundtable.clock.now)),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["open", "people", "company", "nobody"])),
                        name="a_line_is_open_or_has_one_of_three_verdicts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("private", False), ("verdict", "people"), _connector="OR"),
                        name="a_private_line_was_settled_by_its_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeepApart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="members.program"
                    ),
                ),
                (
                    "one",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="members.application"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="members.application"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="members.keepapartline",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("one", "other", "line"), name="a_line_keeps_a_pair_apart_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("one__lt", models.F("other"))), name="a_pair_is_written_lower_id_first"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="own_questions", to="members.program"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=200)),
                (
                    "readers",
                    models.CharField(
                        choices=[
                            ("organizers", "organizers alone"),
                            ("group", "organizers, and the group once it is sealed"),
                        ],
                        default="organizers",
                        max_length=10,
                    ),
                ),
            ],
            options={
                "ordering": ["program", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("program", "number"), name="a_program_asks_one_question_per_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__range", (1, 5))), name="a_program_asks_at_most_five_questions"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="replies", to="members.application"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="replies", to="members.question"
                    ),
                ),
                ("words", models.CharField(max_length=300)),
            ],
            options={
                "ordering": ["question__number", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "question"), name="a_question_is_answered_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="CodeOfConduct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="codes", to="members.program"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.TextField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("correction", "a correction: nobody is asked again"),
                            ("change", "a change: everybody accepts it before they go on"),
                        ],
                        default="change",
                        max_length=10,
                    ),
                ),
                ("published_on", models.DateField()),
            ],
            options={
                "verbose_name_plural": "codes of conduct",
                "ordering": ["program", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("program", "number"), name="a_code_version_is_numbered_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Acceptance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acceptances",
                        to="members.codeofconduct",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acceptances",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("accepted_at", models.DateTimeField(default=roundtable.clock.now)),
                ("how", models.CharField(default="page", max_length=20)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("code", "person"), name="a_version_is_accepted_once_per_person")
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("purpose", models.CharField(max_length=40)),
                ("wording", models.CharField(max_length=64)),
                ("given_at", models.DateTimeField(default=roundtable.clock.now)),
                ("how", models.CharField(default="page", max_length=20)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["given_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Hint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hint", to="members.application"
                    ),
                ),
                ("words", models.CharField(max_length=200)),
                ("computed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Hours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="members.application"
                    ),
                ),
                (
                    "good",
                    models.CharField(
                        default="000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
                        max_length=84,
                    ),
                ),
                (
                    "possible",
                    models.CharField(
                        default="000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
                        max_length=84,
                    ),
                ),
                ("zone", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "verbose_name_plural": "hours",
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="decisions", to="members.application"
                    ),
                ),
                (
                    "from_stage",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("submitted", "submitted"),
                            ("pooled", "pooled"),
                            ("placed", "placed"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                            ("dormant", "dormant"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "to_stage",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("submitted", "submitted"),
                            ("pooled", "pooled"),
                            ("placed", "placed"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                            ("dormant", "dormant"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=20)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(default=roundtable.clock.now)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["decided_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("undone_at", None)),
                        fields=["decided_by", "-decided_at"],
                        name="decision_to_be_taken_back",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="members.application"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("text", models.TextField(max_length=2000)),
                ("written_at", models.DateTimeField(default=roundtable.clock.now)),
            ],
            options={
                "ordering": ["written_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Impression",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="impressions",
                        to="members.application",
                    ),
                ),
                (
                    "organizer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("audience", models.PositiveSmallIntegerField()),
                ("conversation", models.PositiveSmallIntegerField()),
                ("coming", models.PositiveSmallIntegerField()),
                ("given_at", models.DateTimeField(default=roundtable.clock.now)),
            ],
            options={
                "ordering": ["given_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("application", "organizer"), name="one_impression_per_organizer_and_application"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("audience__lte", 2), ("coming__lte", 2), ("conversation__lte", 2)),
                        name="each_question_brings_two_points_at_most",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CompanyWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="company_words", to="members.program"
                    ),
                ),
                ("spelling", models.CharField(max_length=120)),
                ("counts_as", models.CharField(max_length=120)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("made_at", models.DateTimeField(default=roundtable.clock.now)),
            ],
            options={
                "ordering": ["spelling", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("program", "spelling"), name="one_company_per_spelling_and_program")
                ],
            },
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="imports", to="members.program"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("made_at", models.DateTimeField(default=roundtable.clock.now)),
                ("rows", models.PositiveIntegerField(default=0)),
                ("created", models.PositiveIntegerField(default=0)),
                ("updated", models.PositiveIntegerField(default=0)),
                ("unchanged", models.PositiveIntegerField(default=0)),
                ("findings", models.JSONField(blank=True, default=list)),
                ("consent_wording", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(
                        default=members.models.person.new_public_id, editable=False, max_length=24, unique=True
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="members.program"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("made_at", models.DateTimeField(db_index=True, default=roundtable.clock.now)),
                ("content", roundtable.vault.EncryptedText(blank=True)),
                ("rows", models.PositiveIntegerField(default=0)),
                ("beginning", roundtable.vault.EncryptedText(blank=True)),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("kept", "waits for its columns"),
                            ("checking", "is being read"),
                            ("checked", "waits for a yes"),
                            ("taking", "is being taken in"),
                            ("done", "is taken in"),
                            ("failed", "stopped"),
                        ],
                        default="kept",
                        max_length=8,
                    ),
                ),
                ("columns", models.JSONField(blank=True, default=dict)),
                ("consent_wording", models.TextField(blank=True)),
                ("leave_out_refused", models.BooleanField(default=False)),
                ("claimed_until", models.DateTimeField(blank=True, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("report", roundtable.vault.EncryptedText(blank=True)),
                ("failure", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Room",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rooms", to="members.program"
                    ),
                ),
                (
                    "metro",
                    models.CharField(
                        help_text="As it stands in Pools, for example Chicago.", max_length=80, verbose_name="city"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("address", models.CharField(help_text="Street, house, door, floor.", max_length=120)),
                ("seats", models.PositiveSmallIntegerField(default=10)),
                ("note", models.CharField(blank=True, help_text="How to get it, and what it costs.", max_length=200)),
            ],
            options={
                "ordering": ["metro", "name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("program", "metro", "name"), name="a_room_has_a_name_of_its_own_in_its_city"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seats__range", (2, 100))), name="a_room_seats_2_to_100"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthlyLetter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="monthly_letters",
                        to="members.application",
                    ),
                ),
                ("month", models.DateField()),
                ("waiting", models.JSONField(default=dict)),
                ("sent_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["application", "month"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("application", "month"), name="one_monthly_letter_per_application_and_month"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)), name="a_month_is_named_by_its_first_day"
                    ),
                ],
            },
        ),
    ]
