using System.Text.Json;
using StreamSettle.Schemas.Avro.Identity;

namespace StreamSettle.Schemas.Tests.Vectors;

/// <summary>What is a schema, what is none, and its canonical form.</summary>
[Trait("Category", "Vectors")]
public class ParsingVectorTests
{
    [Fact]
    public void Schemas_are_accepted_and_refused_as_by_the_reference() => AvroVectors.CheckAll("derived/schema-parse.json", AvroVectors.Cases("derived/schema-parse.json"), one =>
    {
        var text = one.GetProperty("schema").GetString()!;
        var parsed = Parse(text);
        return (parsed is not null) != one.GetProperty("valid").GetBoolean() ? $"{text} was {(parsed is null ? "refused" : "accepted")}"
            : one.GetProperty("warnings").GetArrayLength() > 0 && parsed!.Logical is not null ? $"{text} has {parsed.Logical}, which must be ignored"
            : null;
    });

    [Fact]
    public void Schemas_of_other_languages_are_accepted_and_refused()
    {
        var good = AvroVectors.Files("lang-c/schema_tests/pass", "*");
        var bad = AvroVectors.Files("lang-c/schema_tests/fail", "*");
        var schemas = AvroVectors.Files(".", "*.avsc");
        var wrong = good.Concat(schemas).Where(file => Parse(File.ReadAllText(file)) is null).Concat(bad.Where(file => Parse(File.ReadAllText(file)) is not null)).ToList();

        VectorFolder.Report("lang-c/schema_tests and all .avsc", good.Count + bad.Count + schemas.Count, good.Count + bad.Count + schemas.Count, wrong);
    }

    [Fact]
    public void Canonical_form_and_fingerprints_are_those_of_the_specification()
    {
        var cases = SchemaTests(File.ReadAllLines(AvroVectors.Of("share/data/schema-tests.txt"))).ToList();
        var wrong = cases.Where(one => CanonicalForm.Of(AvroSchema.Parse(one.Input)) != one.Canonical
            || one.Fingerprint is { } expected && unchecked((long)Fingerprint.Crc64(AvroSchema.Parse(one.Input))) != expected).Select(one => one.Input).ToList();

        Assert.Equal((34, 26), (cases.Count, cases.Count(one => one.Fingerprint is not null)));
        VectorFolder.Report("share/data/schema-tests.txt", cases.Count, cases.Count, wrong);
    }

    [Fact]
    public void Fingerprints_are_those_of_the_reference()
    {
        // Python writes a fixed's definition out a second time, which is no schema any more; Java and .NET do not, and the specification wants its name there.
        var cases = AvroVectors.Cases("derived/fingerprints.json").ToLookup(one => Parse(Text(one, "canonical")) is not null);
        var odd = Assert.Single(cases[false]);
        Assert.Equal(ApacheCanonical(Text(odd, "schema")), CanonicalForm.Of(AvroSchema.Parse(Text(odd, "schema"))));

        AvroVectors.CheckAll("derived/fingerprints.json", [.. cases[true]], one =>
        {
            var schema = AvroSchema.Parse(Text(one, "schema"));
            var crc = BitConverter.GetBytes(Fingerprint.Crc64(schema));
            var found = (CanonicalForm.Of(schema), Convert.ToHexStringLower(crc), Convert.ToHexStringLower(Fingerprint.Sha256(schema)));
            var expected = (Text(one, "canonical"), Text(one, "crc64AvroLittleEndianHex"), Text(one, "sha256"));
            return found == expected ? null : $"{found} instead of {expected}";
        });
    }

    static string ApacheCanonical(string schema) => global::Avro.SchemaNormalization.ToParsingForm(global::Avro.Schema.Parse(schema));

    static string Text(JsonElement one, string name) => one.GetProperty(name).GetString()!;

    static AvroSchema? Parse(string text)
    {
        try
        {
            return AvroSchema.Parse(text);
        }
        catch (AvroSchemaException)
        {
            return null;
        }
    }

    /// <summary><c>&lt;&lt;INPUT</c> with the text on its line or up to a line <c>INPUT</c>, then <c>&lt;&lt;canonical</c> and maybe <c>&lt;&lt;fingerprint</c>.</summary>
    static IEnumerable<(string Input, string Canonical, long? Fingerprint)> SchemaTests(string[] lines)
    {
        var (input, canonical, fingerprint) = ("<<INPUT", "<<canonical ", "<<fingerprint ");
        for (var at = 0; at < lines.Length; at++)
        {
            if (!lines[at].StartsWith(input, StringComparison.Ordinal))
            {
                continue;
            }

            var text = lines[at][input.Length..].Trim();
            for (at++; text.Length == 0 || !lines[at].StartsWith(canonical, StringComparison.Ordinal); at++)
            {
                text += lines[at] == "INPUT" ? "" : lines[at] + "\n";
            }

            var hasFingerprint = at + 1 < lines.Length && lines[at + 1].StartsWith(fingerprint, StringComparison.Ordinal);
            yield return (text, lines[at][canonical.Length..], hasFingerprint ? long.Parse(lines[at + 1][fingerprint.Length..], System.Globalization.CultureInfo.InvariantCulture) : null);
        }
    }
}
