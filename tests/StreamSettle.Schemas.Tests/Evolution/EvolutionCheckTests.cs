using StreamSettle.Schemas.Evolution;

namespace StreamSettle.Schemas.Tests.Evolution;

/// <summary>A change that would be read wrongly is told with its field and its rule; one that is fine is not.</summary>
public class EvolutionCheckTests
{
    const string Result = "delivery-result.avsc";
    const string Merchant = "merchant-change.avsc";
    const string DueOrder = "due-order.avsc";

    public static TheoryData<string, string, string, string, string> Refused => new()
    {
        { Result, """{"name": "note",""", """{"name": "latencyMs", "type": "long"}, {"name": "note",""", "latencyMs", "READER_FIELD_MISSING_DEFAULT_VALUE" },
        { Result, """{"name": "attempt", "doc": "How many POSTs of the key were made so far, 1 for the first.", "type": "int"},""", "", "attempt", "READER_FIELD_MISSING_DEFAULT_VALUE" },
        { Result, """1 for the first.", "type": "int"}""", """1 for the first.", "type": "long"}""", "attempt", "TYPE_MISMATCH" },
        { Result, """{"name": "n", "doc": "0 for the settlement, 1 and up for its reversals.", "type": "int"}""", """{"name": "n", "type": "string"}""", "key.n", "TYPE_MISMATCH" },
        { Result, "\"name\": \"DeliveryResult\",", "\"name\": \"CallResult\", \"aliases\": [\"DeliveryResult\"],", "", "NAME_MISMATCH" },
        { Result, """was known.", "type": {"type": "long", "logicalType": "timestamp-micros"}""", """was known.", "type": {"type": "long", "logicalType": "timestamp-millis"}""", "recordedAt", "LOGICAL_TYPE_CHANGED" },
        { Result, """{"name": "note",""", """{"name": "remark", "aliases": ["note"],""", "remark", "RENAMED_FOR_OLDER_READERS" },
        { Result, "FULL_TRANSITIVE", "BACKWARD", "", "COMPATIBILITY_LOWERED" },
        { Merchant, """{"name": "timeZone",""", """{"name": "zone",""", "row.zone", "READER_FIELD_MISSING_DEFAULT_VALUE" },
        { Merchant, """["Upsert", "Delete", "None", "Sweep"]""", """["Upsert", "Delete", "None"]""", "op", "MISSING_ENUM_SYMBOLS" },
        { DueOrder, "\"precision\": 38, \"scale\": 0", "\"precision\": 38, \"scale\": 4", "row.gross.unscaled", "LOGICAL_TYPE_CHANGED" },
        { DueOrder, """{"name": "carrierId", "doc": "Who carries the goods; null for nobody.", "type": ["null", "long"], "default": null}""", """{"name": "carrierId", "doc": "", "type": "long", "default": 0}""", "row.carrierId", "TYPE_MISMATCH" },
        { DueOrder, """{"name": "invoice",""", """{"name": "channel", "type": "string"}, {"name": "invoice",""", "row.channel", "READER_FIELD_MISSING_DEFAULT_VALUE" },
        // Avro's own checker takes the enum's default for the field's, which no reader does.
        { DueOrder, """{"name": "offset",""", """{"name": "lane", "type": {"type": "enum", "name": "Lane", "symbols": ["Ordinary"], "default": "Ordinary"}}, {"name": "offset",""", "lane", "FIELD_HAS_DEFAULT" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_change_that_would_be_read_wrongly_is_named_with_its_field_and_rule(string file, string from, string to, string place, string rule)
    {
        using var schemas = new EditedSchemas().Edit(file, from, to);

        var problems = schemas.Problems;

        Assert.Contains(problems, problem => (problem.Place, problem.Rule) == (place, rule));
        Assert.All(problems, problem => Assert.Equal(file, Path.GetFileName(problem.File)));
        Assert.All(problems, problem => Assert.Contains("0.1.0", problem.Against, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_release_counts_for_what_is_transitive_and_the_last_for_the_rest()
    {
        // The second release has the field with a default; the third drops the default, which the second lets pass and the first does not.
        const string withDefault = """{"name": "latencyMs", "type": "long", "default": 0}, {"name": "note",""";
        using var schemas = new EditedSchemas().Edit(Result, """{"name": "note",""", withDefault).Release("0.2.0").Edit(Result, """ "long", "default": 0}""", """ "long"}""");

        var problem = Assert.Single(schemas.Problems);

        Assert.Equal(("latencyMs", "READER_FIELD_MISSING_DEFAULT_VALUE", "FULL_TRANSITIVE, reading what 0.1.0 wrote"), (problem.Place, problem.Rule, problem.Against));
    }

    [Fact]
    public void Releases_are_compared_in_the_order_of_their_versions()
    {
        using var schemas = new EditedSchemas().Release("0.10.0").Release("0.9.0");

        Assert.Equal(["0.1.0", "0.9.0", "0.10.0"], schemas.Folder.Releases.Select(release => release.Version.ToString()));
        Assert.Empty(schemas.Problems);
    }

    [Fact]
    public void A_released_schema_that_is_gone_is_missed()
    {
        using var schemas = new EditedSchemas().Delete(Result);

        Assert.Equal("SCHEMA_GONE", Assert.Single(schemas.Problems).Rule);
    }

    [Theory]
    [InlineData("\"FULL_TRANSITIVE\"", "\"EVERYTHING\"", "compatibility")]
    [InlineData("\"type\": \"bytes\"", "\"type\": \"byte\"", "fields[8].type")]
    public void What_is_no_schema_is_named_with_its_place(string from, string to, string place)
    {
        using var schemas = new EditedSchemas().Edit("delivery-command.avsc", from, to);

        Assert.Equal([("NO_SCHEMA", place)], schemas.Problems.Select(problem => (problem.Rule, problem.Place)));
    }

    [Fact]
    public void What_was_released_neither_changes_nor_goes()
    {
        using var schemas = new EditedSchemas().Edit("released/0.1.0/" + Merchant, "A change of the shop's table merchants.", "A change.");
        Assert.Equal([("RELEASED_NEVER_CHANGES", Merchant)], schemas.Problems.Select(problem => (problem.Rule, Path.GetFileName(problem.File))));

        schemas.Delete("released/0.1.0/" + Result);
        Assert.Equal([Result, Merchant], schemas.Problems.Select(problem => Path.GetFileName(problem.File)).Order());
    }

    [Theory]
    [InlineData("add")]
    [InlineData("rename")]
    [InlineData("retire")]
    public void What_is_fine_passes(string change)
    {
        using var schemas = EditedSchemas.Next(change);

        Assert.Empty(schemas.Problems);
    }

    [Fact]
    public void A_diff_names_what_is_new_gone_and_another()
    {
        using var schemas = EditedSchemas.Next("rename")
            .Edit(Merchant, """{"name": "country",""", """{"name": "city", "type": "string", "default": ""}, {"name": "country",""")
            .Edit(Merchant, """{"name": "tier", "doc": "STANDARD, or KA for a key account, as the column has it.", "type": "string"},""", "")
            .Edit(Merchant, "\"Sweep\"]", "\"Sweep\", \"Merge\"]");
        var folder = schemas.Folder;
        var (older, newer) = (folder.Releases[0].File(Merchant)!.Schema, folder.Current.Single(file => file.Name == Merchant).Schema);

        Assert.Equal(["+ op: the symbol Merge", "- row.tier: string", "~ row.timeZone: is now zone, with an alias", "+ row.city: string, \"\" by default"], SchemaDiff.Of(older, newer));
        Assert.Equal(["row.tier: the writer has no field 'tier' and the reader no default for it", "row.timeZone: the writer has no field 'timeZone' and the reader no default for it"],
            SchemaDiff.Unread(older, newer).Where(reason => reason.StartsWith("row", StringComparison.Ordinal)));
        Assert.Empty(SchemaDiff.Unread(newer, older));
        Assert.Empty(SchemaDiff.Of(older, older));
    }
}
