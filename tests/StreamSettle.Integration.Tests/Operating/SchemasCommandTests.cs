using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Integration.Tests.Operating;

/// <summary>The commands on schemas where they cannot do what they are asked; docs/evolving-schemas.md has the rest.</summary>
public class SchemasCommandTests
{
    [Theory]
    [InlineData(401, """{"error_code":401,"message":"Unauthorized"}""", 1, "does not let us do this (401 Unauthorized")]
    [InlineData(403, """{"error_code":40301,"message":"User is denied operation Write"}""", 1, "does not let us do this (403 User is denied operation Write")]
    [InlineData(503, "{}", 3, "answers 503")]
    [InlineData(404, "nothing here", 3, "Is the path of the address right?")]
    public async Task A_registry_that_does_not_let_us_in_is_for_the_user_and_one_that_is_not_well_is_not(int status, string body, int code, string reason)
    {
        await using var registry = new StrangeServer(StrangeServer.Http(status, "application/vnd.schemaregistry.v1+json", body));
        foreach (var command in (string[][])[["check", "--registry"], ["register"]])
        {
            await using var run = ServiceProcess.Start(Repository.Root, new Dictionary<string, string> { ["SchemaRegistry:Url"] = $"http://{registry.Authority}" }, ["schemas", .. command]);

            Assert.Equal(code, await run.ExitAsync());
            Assert.Contains(reason, run.Errors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1, "there is no folder 'nowhere'; name the one that holds the schemas (*.avsc) by --directory", "check", "--directory", "nowhere")]
    [InlineData(1, "'0.0.9' is no file and no version that was released; name a file, 'now', or one of: 0.1.0", "diff", "0.0.9", "now")]
    [InlineData(2, "broken/due-order.avsc: fields[0].type: NO_SCHEMA: the schema is wrong at fields[0].type: 'text' is no primitive type and no type that the schema defines", "check", "--directory", "broken")]
    [InlineData(1, "broken/due-order.avsc: fields[0].type: NO_SCHEMA", "docs", "--directory", "broken")]
    [InlineData(1, "broken/due-order.avsc: fields[0].type: NO_SCHEMA", "register", "--directory", "broken", "--SchemaRegistry:Url=http://127.0.0.1:1")]
    [InlineData(1, "SchemaRegistry:Url is missing: set it to the address of the schema registry", "check", "--registry")]
    [InlineData(1, "SchemaRegistry:Url must be the addresses of the schema registry", "register", "--SchemaRegistry:Url=registry")]
    [InlineData(1, "SchemaRegistry:SubjectNameStrategy must be one of RecordName, TopicName, but is 'Record'", "register", "--SchemaRegistry:Url=http://127.0.0.1:1", "--SchemaRegistry:SubjectNameStrategy=Record")]
    [InlineData(1, "'schemas' is no setting", "check", "schemas")]
    [InlineData(3, "the schema registry at http://127.0.0.1:1 cannot be reached", "check", "--registry", "--SchemaRegistry:Url=http://127.0.0.1:1")]
    [InlineData(3, "the schema registry at http://127.0.0.1:1 cannot be reached", "register", "--SchemaRegistry:Url=http://127.0.0.1:1")]
    public async Task What_cannot_be_done_is_told_with_its_reason(int code, string reason, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("streamsettle-schemas-");
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(folder.FullName, "schemas"), Path.Combine(Repository.Root, "schemas"));
            folder.CreateSubdirectory("broken");
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "broken", "due-order.avsc"), """{"type":"record","name":"DueOrder","compatibility":"FULL","fields":[{"name":"a","type":"text"}]}""");
            await using var command = ServiceProcess.Start(folder.FullName, new Dictionary<string, string>(), ["schemas", .. arguments]);

            Assert.Equal(code, await command.ExitAsync());
            Assert.Contains(reason, command.Errors, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
