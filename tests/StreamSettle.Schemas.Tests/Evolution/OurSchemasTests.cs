using System.Security.Cryptography;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Schemas.Evolution;

namespace StreamSettle.Schemas.Tests.Evolution;

/// <summary>The schemas of <c>schemas/</c>: what fails here must not be merged.</summary>
public class OurSchemasTests
{
    public static TheoryData<string> Files => [.. OurSchemas.Folder.Current.Select(file => file.Name)];

    [Fact]
    public void They_are_compatible_with_every_release_as_their_levels_want() => Assert.Empty(EvolutionCheck.Problems(OurSchemas.Folder));

    /// <summary>Written here too, so that neither a release nor its sums change unseen.</summary>
    [Fact]
    public void The_first_release_never_changes()
    {
        var release = OurSchemas.Folder.Releases[0];
        var sums = release.Files.Select(file => $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file.Path)))} {file.Name}");

        Assert.Equal(new Version(0, 1, 0), release.Version);
        Assert.Equal(
        [
            "ca00fe958d7a6bfc36b5147b27de202b73ab8b9a2d8770ed227e6ea4cbf223e7 delivery-command.avsc",
            "13d32cadbb392e7050766f03efe1a2a30a2b336e2f1cea26e69e5a5950f23389 delivery-result.avsc",
            "923ef192c153f6fc3e0ef1c830d38ae81fa5d2f0c5e0de1bf2fb9441d7fca104 due-order.avsc",
            "5831a5a0cbbc2b576948d7b3f32b666b2e8c008a1b874b3679adf3b139ef8f4b merchant-change.avsc",
            "7e9b41a1676af438991ccd1d22d4406c5b249ab92b1b5e968a74b5366bf95d97 order-change.avsc",
            "910a8f8b2b530b56f23e8bf87c8424c3cb36b5cd759ba89380c26512dcaa1ae0 promoter-change.avsc",
            "4e08c965bd704da42e4596c0a44ff6ca834ab6a3ec737268355541c693e1710e settlement-event.avsc",
        ], sums);
    }

    [Fact]
    public void The_page_says_what_they_say() => Assert.True(
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "schemas.md")) == SchemaDocs.Of(OurSchemas.Folder), "docs/schemas.md is not up to date: ./streamsettle schemas docs > docs/schemas.md");

    [Theory]
    [MemberData(nameof(Files))]
    public void Everything_in_a_schema_says_what_it_means(string file) => Assert.Empty(Undocumented(OurSchemas.Folder.Current.Single(one => one.Name == file).Schema, "", []));

    [Fact]
    public void A_type_that_several_schemas_have_is_the_same_in_each()
    {
        var types = OurSchemas.Folder.Current.SelectMany(file => Types(file.Schema, [])).ToLookup(type => type.Name.Full);

        Assert.Contains(types, type => type.Count() > 1);
        Assert.Empty(types.Where(type => type.Select(one => SchemaDocs.Of(one)).Distinct().Count() > 1).Select(type => type.Key));
    }

    static IEnumerable<string> Undocumented(AvroSchema schema, string place, HashSet<string> seen)
    {
        if (schema is NamedSchema named)
        {
            if (!seen.Add(named.Name.Full))
            {
                return [];
            }

            if (string.IsNullOrWhiteSpace(named.Doc))
            {
                return [$"{place}: {named.Description}"];
            }
        }

        return schema switch
        {
            RecordSchema record => record.Fields.SelectMany(field => Undocumented(field.Schema, $"{place}.{field.Name}", seen).Concat(string.IsNullOrWhiteSpace(field.Doc) ? [$"{place}.{field.Name}"] : [])),
            _ => Parts(schema).SelectMany(part => Undocumented(part, place, seen)),
        };
    }

    static IEnumerable<NamedSchema> Types(AvroSchema schema, HashSet<string> seen) => schema is NamedSchema named
        ? !seen.Add(named.Name.Full) ? [] : [named, .. named is RecordSchema record ? record.Fields.SelectMany(field => Types(field.Schema, seen)) : []]
        : Parts(schema).SelectMany(part => Types(part, seen));

    static IEnumerable<AvroSchema> Parts(AvroSchema schema) => schema switch
    {
        UnionSchema union => union.Branches,
        ArraySchema array => [array.Items],
        MapSchema map => [map.Values],
        _ => [],
    };
}
