using System.IO.Compression;
using System.Text.Json;

namespace StreamSettle.Schemas.Tests.Vectors;

/// <summary>Cases and data of Apache Avro, and answers of its Java implementation.</summary>
static class AvroVectors
{
    static readonly VectorFolder Folder = new("avro-vectors");

    /// <inheritdoc cref="VectorFolder.Of"/>
    public static string Of(string file) => Folder.Of(file);

    /// <summary>Files of a folder, by a pattern of their names, in those below it as well.</summary>
    public static IReadOnlyList<string> Files(string folder, string pattern) => [.. Directory.EnumerateFiles(Of(folder), pattern, SearchOption.AllDirectories).Order()];

    /// <summary>A list of cases in a file of JSON.</summary>
    public static IReadOnlyList<JsonElement> Cases(string file, string list = "cases")
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Of(file)));
        return [.. document.RootElement.GetProperty(list).Clone().EnumerateArray()];
    }

    /// <summary>The lines of a file, which lies compressed beside the tests.</summary>
    public static IReadOnlyList<JsonElement> Lines(string file)
    {
        var isPlain = Environment.GetEnvironmentVariable("STREAMSETTLE_VECTORS") is { Length: > 0 };
        using Stream stored = File.OpenRead(Of(isPlain ? file : file + ".gz"));
        using var text = new StreamReader(isPlain ? stored : new GZipStream(stored, CompressionMode.Decompress));
        return [.. text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
    }

    /// <summary>Runs every case; a check says what is wrong, or null. Fails when one disagrees.</summary>
    public static void CheckAll(string file, IReadOnlyList<JsonElement> cases, Func<JsonElement, string?> check) =>
        VectorFolder.Report(file, cases.Count, cases.Count, [.. cases.Select((one, i) => (i, problem: check(one))).Where(result => result.problem is not null).Select(result => $"case {result.i}: {result.problem}")]);

    /// <summary>A schema that stands as JSON or as a text of it.</summary>
    public static string SchemaText(JsonElement schema) => schema.GetRawText();
}
