using System.Text.Json.Nodes;
using Json.Schema;
using StreamSettle.Compose.Tests.Files;
using Xunit;

namespace StreamSettle.Compose.Tests.Specification;

/// <summary>docker-compose.yml against the schema of the Compose Specification.</summary>
public class SchemaTests
{
    [Fact]
    public void The_file_keeps_to_the_specification() => Assert.Empty(Problems(ComposeFile.Read().Root));

    [Theory]
    [InlineData("a key that there is not", """{"services":{"postgres":{"image":"postgres","imagee":"postgres"}}}""")]
    [InlineData("a wrong type", """{"services":{"postgres":{"image":"postgres","cap_drop":"ALL"}}}""")]
    [InlineData("an unknown condition", """{"services":{"a":{"image":"a"},"b":{"image":"b","depends_on":{"a":{"condition":"service_happy"}}}}}""")]
    public void A_mistake_is_found(string mistake, string file)
    {
        Assert.NotEmpty(mistake);
        Assert.NotEmpty(Problems(JsonNode.Parse(file)!));
    }

    static string[] Problems(JsonNode file)
    {
        using var stream = typeof(SchemaTests).Assembly.GetManifestResourceStream("compose-spec.json")!;
        using var reader = new StreamReader(stream);
        var schema = JsonNode.Parse(reader.ReadToEnd())!.AsObject();

        // Its identifier is a relative one, by which a library may look for itself elsewhere; and draft 7 is called by http alone.
        schema.Remove("$id");
        schema["$schema"] = "http://json-schema.org/draft-07/schema#";
        var results = JsonSchema.FromText(schema.ToJsonString()).Evaluate(file, new() { OutputFormat = OutputFormat.List });
        return results.IsValid ? [] : [.. (results.Details ?? []).Where(detail => detail.Errors is not null).SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value}")).DefaultIfEmpty("not valid")];
    }
}
