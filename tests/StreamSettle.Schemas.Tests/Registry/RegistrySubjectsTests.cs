using System.Text.Json;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Evolution;
using StreamSettle.Schemas.Registry;
using StreamSettle.Schemas.Registry.Subjects;
using StreamSettle.Schemas.Tests.Evolution;

namespace StreamSettle.Schemas.Tests.Registry;

/// <summary>A schema beside what a registry has under its subject.</summary>
public sealed class RegistrySubjectsTests : IAsyncDisposable
{
    const string Subject = "streamsettle.DeliveryResult";
    const string File = "delivery-result.avsc";
    const string Note = """{"name": "note",""";
    const string Region = """{"name": "region", "type": "string"}, {"name": "note",""";

    readonly FakeRegistry registry = FakeRegistry.Start();
    readonly EditedSchemas first = new();
    readonly RegistrySubjects subjects;

    public RegistrySubjectsTests()
    {
        subjects = new(new RegistryOptions { Client = new Dictionary<string, string> { ["schema.registry.url"] = registry.Url.ToString() } });
        registry.Answer("config", 200, """{"compatibilityLevel":"NONE"}""");
        registry.Answer($"config/{Subject}", 404, """{"error_code":40408,"message":"Subject does not have subject-level compatibility configured"}""");
    }

    [Fact]
    public async Task A_subject_that_is_not_there_takes_anything()
    {
        var subject = await subjects.ReadAsync(Subject);

        Assert.Empty(subject.Versions);
        Assert.Equal(CompatibilityLevel.None, subject.Level);
        Assert.Empty(await subjects.ProblemsAsync(Schema(first), subject));
    }

    [Fact]
    public async Task What_the_schema_promises_is_kept_also_where_the_registry_wants_nothing()
    {
        Register(first);
        using var next = new EditedSchemas().Edit(File, Note, Region);

        var problem = Assert.Single(await subjects.ProblemsAsync(Schema(next), await subjects.ReadAsync(Subject)));

        Assert.Equal(("region", "READER_FIELD_MISSING_DEFAULT_VALUE", $"FULL_TRANSITIVE, reading what version 1 of {Subject} wrote"), (problem.Place, problem.Rule, problem.Against));
    }

    [Theory]
    [InlineData("BACKWARD", 1)]
    [InlineData("FULL_TRANSITIVE", 1)]
    [InlineData("FORWARD", 0)]
    [InlineData("NONE", 0)]
    public async Task What_the_registry_wants_is_kept_also_where_the_schema_promises_nothing(string level, int problems)
    {
        using var careless = new EditedSchemas().Edit(File, "FULL_TRANSITIVE", "NONE");
        using var next = new EditedSchemas().Edit(File, "FULL_TRANSITIVE", "NONE").Edit(File, Note, Region);
        Register(careless);
        registry.Answer($"config/{Subject}", 200, $$"""{"compatibilityLevel":"{{level}}"}""");
        registry.Answer($"POST compatibility/subjects/{Subject}/versions/latest", 200, """{"is_compatible":true}""");

        var found = await subjects.ProblemsAsync(Schema(next), await subjects.ReadAsync(Subject));

        Assert.Equal(problems, found.Count);
        Assert.All(found, problem => Assert.Equal(("region", $"the registry's {level}, reading what version 1 of {Subject} wrote"), (problem.Place, problem.Against)));
    }

    [Fact]
    public async Task Every_version_counts_for_what_is_transitive_and_a_promise_is_never_lowered()
    {
        using var second = new EditedSchemas().Edit(File, Note, Region.Replace("\"string\"", "\"string\", \"default\": \"\"", StringComparison.Ordinal));
        using var third = new EditedSchemas().Edit(File, Note, Region).Edit(File, "FULL_TRANSITIVE", "BACKWARD");
        using var fourth = new EditedSchemas().Edit(File, Note, Region);
        Register(first, second);

        var lowered = Assert.Single(await subjects.ProblemsAsync(Schema(third), await subjects.ReadAsync(Subject)));
        var unread = Assert.Single(await subjects.ProblemsAsync(Schema(fourth), await subjects.ReadAsync(Subject)));

        Assert.Equal(("COMPATIBILITY_LOWERED", $"against version 2 of {Subject}"), (lowered.Rule, lowered.Against));
        Assert.Contains("version 1 of", unread.Against, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_registry_refuses_for_reasons_of_its_own_is_told_as_that()
    {
        Register(first);
        registry.Answer("config", 200, """{"compatibilityLevel":"BACKWARD"}""");
        registry.Answer($"POST compatibility/subjects/{Subject}/versions/latest", 200, """{"is_compatible":false}""");
        registry.Answer($"POST subjects/{Subject}/versions", 409, """{"error_code":409,"message":"Schema being registered is incompatible"}""");

        var asked = Assert.Single(await subjects.ProblemsAsync(Schema(first), await subjects.ReadAsync(Subject)));
        var sent = (await subjects.RegisterAsync(Schema(first), Subject)).Problem!;

        Assert.Equal("REFUSED_BY_REGISTRY", asked.Rule);
        Assert.Equal("REFUSED_BY_REGISTRY", sent.Rule);
        Assert.Contains("Schema being registered is incompatible", sent.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_that_cannot_be_read_is_told_and_what_is_registered_is_found_with_its_place()
    {
        registry.Answer($"subjects/{Subject}/versions", 200, "[1]");
        registry.PutVersion(Subject, 1, "{}", ""","schemaType":"JSON" """);
        registry.Answer($"POST subjects/{Subject}", 200, $$"""{"subject":"{{Subject}}","version":3,"id":17,"schema":"\"string\""}""");

        var problem = Assert.Single(await subjects.ProblemsAsync(Schema(first), await subjects.ReadAsync(Subject)));

        Assert.Equal("REGISTERED_IS_NO_SCHEMA", problem.Rule);
        Assert.Contains("it is of type JSON, not AVRO", problem.What, StringComparison.Ordinal);
        Assert.Equal(new(3, 17), await subjects.FindAsync(Schema(first), Subject));
    }

    [Theory]
    [InlineData(401, """{"error_code":401,"message":"Unauthorized"}""")]
    [InlineData(403, """{"error_code":40301,"message":"User is denied"}""")]
    public async Task Who_is_not_let_in_corrects_that(int status, string body)
    {
        registry.Fault = (status, body);

        Assert.Contains("Correct the credentials of SchemaRegistry", (await Assert.ThrowsAsync<UserMistakeException>(() => subjects.ReadAsync(Subject))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<UserMistakeException>(() => subjects.FindAsync(Schema(first), Subject));
        await Assert.ThrowsAsync<UserMistakeException>(() => subjects.RegisterAsync(Schema(first), Subject));
    }

    [Theory]
    [InlineData(404, "<html>Not here</html>", "Is the path of the address right?")]
    [InlineData(503, "", "answers 503")]
    [InlineData(200, "<html>Please log in</html>", "does not answer as a schema registry does")]
    public async Task Who_is_no_registry_or_not_well_has_not_answered(int status, string body, string reason)
    {
        registry.Fault = (status, body);

        Assert.Contains(reason, (await Assert.ThrowsAsync<EnvironmentFailedException>(() => subjects.ReadAsync(Subject))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<EnvironmentFailedException>(() => subjects.RegisterAsync(Schema(first), Subject));
    }

    public async ValueTask DisposeAsync()
    {
        subjects.Dispose();
        first.Dispose();
        await registry.DisposeAsync();
    }

    static SchemaFile Schema(EditedSchemas schemas) => schemas.Folder.Current.Single(file => file.Name == File);

    void Register(params IReadOnlyList<EditedSchemas> versions)
    {
        registry.Answer($"subjects/{Subject}/versions", 200, JsonSerializer.Serialize(Enumerable.Range(1, versions.Count)));
        for (var at = 0; at < versions.Count; at++)
        {
            registry.PutVersion(Subject, at + 1, System.IO.File.ReadAllText(Schema(versions[at]).Path));
        }
    }
}
