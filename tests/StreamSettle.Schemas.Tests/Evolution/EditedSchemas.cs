using StreamSettle.Schemas.Evolution;

namespace StreamSettle.Schemas.Tests.Evolution;

/// <summary>The first release, and edits of it that are not released yet, in a folder that ends with the test.</summary>
sealed class EditedSchemas : IDisposable
{
    readonly string path = Directory.CreateTempSubdirectory("streamsettle-schemas-").FullName;

    public EditedSchemas()
    {
        var first = Path.Combine(OurSchemas.Path, SchemaFolder.Released, "0.1.0");
        Directory.CreateDirectory(Released("0.1.0", ""));
        foreach (var file in Directory.GetFiles(first))
        {
            File.Copy(file, Released("0.1.0", Path.GetFileName(file)));
            File.Copy(file, Path.Combine(path, Path.GetFileName(file)));
        }

        Sum();
    }

    /// <summary>A next version: a field and a symbol more, a field renamed by an alias, or fields left out.</summary>
    public static EditedSchemas Next(string change) => change switch
    {
        "add" => new EditedSchemas()
            .Edit("delivery-result.avsc", """{"name": "note",""", """{"name": "latencyMs", "doc": "From sending to the answer.", "type": ["null", "long"], "default": null}, {"name": "note",""")
            .Edit("delivery-result.avsc", "\"Discarded\", \"Unknown\"", "\"Discarded\", \"Waived\", \"Unknown\"")
            .Edit("merchant-change.avsc", """{"name": "country",""", """{"name": "city", "doc": "Where.", "type": "string", "default": ""}, {"name": "country","""),
        "rename" => new EditedSchemas().Edit("merchant-change.avsc", """{"name": "timeZone",""", """{"name": "zone", "aliases": ["timeZone"],"""),
        "retire" => new EditedSchemas()
            .Edit("merchant-change.avsc", """{"name": "country", "doc": "Where the merchant is: ISO 3166 alpha-2, as the column has it.", "type": "string"},""", "")
            .Edit("delivery-result.avsc", """{"name": "by", "doc": "Who replayed or discarded; null for all others.", "type": ["null", "string"], "default": null},""", ""),
        _ => throw new ArgumentOutOfRangeException(nameof(change), change, "no such change"),
    };

    public SchemaFolder Folder => SchemaFolder.Read(path);

    public IReadOnlyList<EvolutionProblem> Problems => EvolutionCheck.Problems(Folder);

    /// <summary>Replaces what stands in the file once.</summary>
    public EditedSchemas Edit(string file, string from, string to)
    {
        var at = Path.Combine(path, file);
        var parts = File.ReadAllText(at).Split(from);
        Assert.Equal(2, parts.Length);
        File.WriteAllText(at, string.Join(to, parts));
        return this;
    }

    public EditedSchemas Delete(string file)
    {
        File.Delete(Path.Combine(path, file));
        return this;
    }

    /// <summary>Releases the schemas as they are.</summary>
    public EditedSchemas Release(string version)
    {
        Directory.CreateDirectory(Released(version, ""));
        foreach (var file in Directory.GetFiles(path, SchemaFile.Pattern))
        {
            File.Copy(file, Released(version, Path.GetFileName(file)));
        }

        Sum();
        return this;
    }

    public void Dispose() => Directory.Delete(path, recursive: true);

    string Released(string version, string file) => Path.Combine(path, SchemaFolder.Released, version, file);

    void Sum()
    {
        var root = Path.Combine(path, SchemaFolder.Released);
        File.WriteAllLines(Path.Combine(root, "SHA256SUMS"), Directory.GetFiles(root, SchemaFile.Pattern, SearchOption.AllDirectories)
            .Select(file => $"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}  {Path.GetRelativePath(root, file)}"));
    }
}
