using System.Text.Json;
using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Avro.Compatibility;
using StreamSettle.Schemas.Avro.Identity;

namespace StreamSettle.Schemas.Tests.Vectors;

/// <summary>What a writer's value is for a reader.</summary>
[Trait("Category", "Vectors")]
public class ResolutionVectorTests
{
    [Fact]
    public void Values_are_resolved_as_by_the_Java_reference() => AvroVectors.CheckAll("resolution.jsonl", AvroVectors.Lines("resolution.jsonl"), one =>
    {
        var writer = AvroSchema.Parse(Text(one, "writer")!);
        var reader = AvroSchema.Parse(Text(one, "reader")!);
        var resolved = Resolve(writer, reader, Convert.FromBase64String(Text(one, "data")!));
        var expected = Text(one, "resolved") is { } told ? Convert.ToHexString(Convert.FromBase64String(told)) : null;
        var found = resolved is null ? null : Convert.ToHexString(resolved);
        return found != expected ? $"{found ?? "refused"} instead of {expected ?? "refused"}: {Text(one, "writer")} {Text(one, "reader")}" : null;
    });

    [Fact]
    public void Canonical_forms_and_verdicts_are_those_of_the_Java_reference() => AvroVectors.CheckAll("resolution.jsonl", AvroVectors.Lines("resolution.jsonl"), one =>
    {
        var writer = AvroSchema.Parse(Text(one, "writer")!);
        var problems = SchemaCompatibility.Check(AvroSchema.Parse(Text(one, "reader")!), writer);
        return CanonicalForm.Of(writer) != Text(one, "canonical") ? $"{CanonicalForm.Of(writer)} instead of {Text(one, "canonical")}"
            : Fingerprint.Crc64(writer).ToString("x16", System.Globalization.CultureInfo.InvariantCulture) != Text(one, "fingerprint") ? $"{Fingerprint.Crc64(writer):x16}"
            : (problems.Count == 0) != one.GetProperty("backward").GetBoolean() ? $"{string.Join("; ", problems)}: {Text(one, "writer")} {Text(one, "reader")}"
            : null;
    });

    [Fact]
    public void Values_are_resolved_as_the_specification_says() =>
        AvroVectors.CheckAll("derived/schema-resolution.json", AvroVectors.Cases("derived/schema-resolution.json"), one =>
        {
            var writer = AvroSchema.Parse(AvroVectors.SchemaText(one.GetProperty("writer")));
            var reader = AvroSchema.Parse(AvroVectors.SchemaText(one.GetProperty("reader")));
            var data = Convert.FromHexString(Text(one, "hex")!);
            try
            {
                var value = AvroValueReader.Read(AvroPlan.Compile(writer, reader), data);
                return one.GetProperty("error").GetBoolean() ? $"{Text(one, "name")}: {value}" : ValueJson.Difference(value, reader, one.GetProperty("expected"));
            }
            catch (AvroResolutionException e)
            {
                return one.GetProperty("error").GetBoolean() ? null : $"{Text(one, "name")}: {e.Message}";
            }
        });

    [Fact]
    public void Compatibility_is_judged_as_by_the_reference() =>
        AvroVectors.CheckAll("derived/reader-writer-compatibility.json", AvroVectors.Cases("derived/reader-writer-compatibility.json"), one =>
        {
            var found = SchemaCompatibility.Check(
                AvroSchema.Parse(AvroVectors.SchemaText(one.GetProperty("reader"))), AvroSchema.Parse(AvroVectors.SchemaText(one.GetProperty("writer"))));
            var expected = one.GetProperty("incompatibilities").EnumerateArray().Select(kind => kind.GetString()!).Order().ToList();
            var places = one.GetProperty("locations").EnumerateArray().Select(place => place.GetString()!).ToHashSet();
            return !found.Select(reason => KindName(reason.Kind)).Order().SequenceEqual(expected) || found.Any(reason => !places.Contains(reason.Location))
                ? $"{string.Join("; ", found)} instead of {string.Join(", ", expected)} at {string.Join(", ", places)}: {one.GetRawText()}"
                : null;
        });

    static string KindName(IncompatibilityKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    static string? Text(JsonElement one, string name) => one.GetProperty(name).GetString();

    /// <summary>The value as the reader writes it again; null where it cannot be taken.</summary>
    static byte[]? Resolve(AvroSchema writer, AvroSchema reader, byte[] data)
    {
        try
        {
            var written = new ByteBuffer();
            AvroValueWriter.Write(AvroValueReader.Read(AvroPlan.Compile(writer, reader), data), reader, written);
            return written.Written.ToArray();
        }
        catch (AvroResolutionException)
        {
            return null;
        }
    }
}
