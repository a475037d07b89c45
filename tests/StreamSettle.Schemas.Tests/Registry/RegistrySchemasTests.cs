using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Registry;

namespace StreamSettle.Schemas.Tests.Registry;

/// <summary>What is read by of a registry, whatever this does.</summary>
public sealed class RegistrySchemasTests : IAsyncDisposable
{
    const string Long = "\"long\"";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>So long the clock stands still when nothing is told.</summary>
    static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    readonly FakeRegistry registry = FakeRegistry.Start();
    readonly FakeTimeProvider time = new();
    readonly List<RegistryStatus> told = [];
    readonly SemaphoreSlim changed = new(0);
    readonly RegistrySchemas schemas;

    public RegistrySchemasTests() => schemas = Open(registry.Url.ToString());

    [Fact]
    public void A_schema_is_asked_for_once_and_kept()
    {
        registry.Put(7, Long);

        Assert.Equal(AvroType.Long, schemas.Find(7)!.Type);
        registry.Fault = (503, "");
        Assert.Same(schemas.Find(7), schemas.Find(7));

        Assert.Single(registry.Asked);
        Assert.Empty(told);
    }

    [Fact]
    public void A_schema_is_put_together_of_those_that_it_refers_to()
    {
        registry.Put(1, """{"type":"record","name":"Order","namespace":"a","fields":[{"name":"total","type":"a.Money"},{"name":"fee","type":["null","Money"]}]}""",
            ""","references":[{"name":"a.Money","subject":"a.Money","version":3}]""");
        registry.PutVersion("a.Money", 3, """{"type":"record","name":"Money","namespace":"a","fields":[{"name":"currency","type":"a.Currency"}]}""",
            ""","references":[{"name":"a.Currency","subject":"a.Currency","version":1}]""");
        registry.PutVersion("a.Currency", 1, """{"type":"enum","name":"Currency","namespace":"a","symbols":["EUR"]}""");

        var order = Assert.IsType<RecordSchema>(schemas.Find(1));

        var money = Assert.IsType<RecordSchema>(order.Field("total")!.Schema);
        Assert.Equal(["EUR"], Assert.IsType<EnumSchema>(money.Field("currency")!.Schema).Symbols);
    }

    [Theory]
    [InlineData("", ""","schemaType":"JSON" """, "number 1 of the registry is of type JSON, not AVRO")]
    [InlineData("", ""","schemaType":"PROTOBUF" """, "number 1 of the registry is of type PROTOBUF, not AVRO")]
    [InlineData("", ""","schemaType":"XML" """, "number 1 of the registry is of type that the registry's client does not know")]
    [InlineData("{", "", "it is no JSON")]
    [InlineData("\"a.Gone\"", ""","references":[{"name":"a.Gone","subject":"a.Gone","version":1}]""", "number 1 of the registry refers to another one that this has not")]
    public void What_is_no_schema_of_Avro_is_the_records_fault(string schema, string more, string problem)
    {
        registry.Put(1, schema, more);

        Assert.Contains(problem, Assert.Throws<AvroSchemaException>(() => schemas.Find(1)).Message, StringComparison.Ordinal);
        Assert.Empty(told);
    }

    [Fact]
    public async Task A_schema_is_found_by_its_GUID_where_the_registry_has_such()
    {
        var guid = Guid.Parse("89791762-2336-186f-9674-299b90a8e2a9");
        registry.Answer($"schemas/guids/{guid}", 200, """{"schema":"\"long\""}""");
        Assert.Equal(AvroType.Long, schemas.Find(new(guid))!.Type);
        Assert.Null(schemas.Find(new(Guid.Empty)));

        var other = new SchemaName(new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
        registry.Answer($"schemas/guids/{other}", 404, """{"error_code":404,"message":"No content found"}""");
        Assert.Contains("finds none by GUIDs, as Confluent's does from 8.0 on", Assert.Throws<AvroSchemaException>(() => schemas.Find(other)).Message, StringComparison.Ordinal);
        Assert.Empty(told);

        registry.Fault = (404, "<html>Not here</html>");
        var third = new SchemaName(new Guid(2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
        await NotKnownAsync(schemas, third);
        await HoldsAsync(() => schemas.Status is RegistryStatus.Waiting waiting && waiting.Schema == third && waiting.Reason.Contains("Is the path of the address right?", StringComparison.Ordinal));
    }

    [Fact]
    public void There_is_no_such_schema_only_when_a_registry_says_so()
    {
        Assert.Null(schemas.Find(5));
        Assert.Empty(told);
    }

    [Theory]
    [InlineData(503, "", "ServiceUnavailable")]
    [InlineData(500, """{"error_code":50001,"message":"the store is away"}""", "50001 the store is away")]
    [InlineData(404, "<html>Not here</html>", "Is the path of the address right?")]
    [InlineData(404, """{"error_code":404,"message":"HTTP 404 Not Found"}""", "Is the path of the address right?")]
    [InlineData(401, """{"error_code":401,"message":"Unauthorized"}""", "401 Unauthorized")]
    [InlineData(403, """{"error_code":40301,"message":"User is denied"}""", "does not let us in (403 User is denied")]
    [InlineData(200, "<html>Please log in</html>", "does not answer as a schema registry does")]
    [InlineData(200, """{"status":"ok"}""", "does not answer as a schema registry does")]
    public async Task Any_other_answer_is_none_and_it_is_asked_again_until_there_is_one(int status, string body, string reason)
    {
        registry.Put(3, Long);
        registry.Fault = (status, body);

        Assert.Contains("schema 3 is not known yet: the schema registry at", (await NotKnownAsync(schemas, 3)).Message, StringComparison.Ordinal);
        await HoldsAsync(() => schemas.Status is RegistryStatus.Waiting waiting && waiting.Reason.Contains(reason, StringComparison.Ordinal));
        Assert.Equal(3, ((RegistryStatus.Waiting)schemas.Status).Schema);

        registry.Fault = null;
        await HoldsAsync(() => schemas.Status is RegistryStatus.Answered);
        Assert.Equal(AvroType.Long, schemas.Find(3)!.Type);
        Assert.IsType<RegistryStatus.Answered>(told[^1]);
    }

    [Fact]
    public async Task Who_needs_a_schema_waits_a_moment_at_the_first_time_and_never_again()
    {
        registry.Put(3, Long);
        registry.Silence = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await NotKnownAsync(schemas, 3);

        await HoldsAsync(() => registry.Asked.Count > 0);

        // The clock stands still: whoever waited would wait for ever.
        await Task.Run(
            () =>
            {
                for (var read = 0; read < 100; read++)
                {
                    Assert.Throws<EnvironmentFailedException>(() => schemas.Find(3));
                }
            },
            TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Single(registry.Asked);
        registry.Silence.SetResult();
        registry.Silence = null;
        await HoldsAsync(() => schemas.Status is RegistryStatus.Answered);
        Assert.NotNull(schemas.Find(3));
    }

    [Fact]
    public async Task An_address_that_nobody_has_is_told_and_the_next_one_is_asked()
    {
        registry.Put(3, Long);
        using var nobody = Open("http://127.0.0.1:1");
        using var second = Open($"http://127.0.0.1:1,{registry.Url}");

        await NotKnownAsync(nobody, 3);
        await HoldsAsync(() => nobody.Status is RegistryStatus.Waiting waiting && waiting.Reason.Contains("Connection refused", StringComparison.Ordinal));
        Assert.NotNull(second.Find(3));
    }

    [Fact]
    public void Of_a_schema_that_a_registry_had_not_it_is_asked_again_after_a_while()
    {
        Assert.Null(schemas.Find(5));
        registry.Put(5, Long);
        Assert.Null(schemas.Find(5));

        time.Advance(RegistrySchemas.NoneFor);

        Assert.NotNull(schemas.Find(5));
    }

    [Fact]
    public async Task More_ids_than_are_remembered_are_asked_for_again()
    {
        for (var id = 0; id <= RegistrySchemas.MaxKnown; id++)
        {
            registry.Put(id, Long);
            Assert.NotNull(schemas.Find(id));
        }

        registry.Fault = (503, "");

        Assert.NotNull(schemas.Find(1));
        await NotKnownAsync(schemas, 0);
    }

    [Theory]
    [InlineData("basic.auth.user.info", "shop:secret:word", "Basic c2hvcDpzZWNyZXQ6d29yZA==")]
    [InlineData("bearer.auth.token", "the-token", "Bearer the-token")]
    public void Credentials_are_sent(string key, string value, string header)
    {
        registry.Put(1, Long);
        var settings = new Dictionary<string, string> { ["schema.registry.url"] = registry.Url.ToString(), ["schema.registry." + key] = value };
        if (key.StartsWith("bearer", StringComparison.Ordinal))
        {
            settings["schema.registry.bearer.auth.credentials.source"] = "STATIC_TOKEN";
            settings["schema.registry.bearer.auth.logical.cluster"] = "lsrc-1";
            settings["schema.registry.bearer.auth.identity.pool.id"] = "pool-1";
        }

        var options = new RegistryOptions { Client = settings };
        using var let = new RegistrySchemas(options, time);

        Assert.Empty(options.Problems("SchemaRegistry"));
        Assert.NotNull(let.Find(1));
        Assert.Equal(header, registry.Authorization);
    }

    [Fact]
    public async Task A_look_tells_a_registry_from_anybody_else()
    {
        await schemas.LookAsync();

        registry.Fault = (404, "nothing here");
        Assert.Contains("path of the address", (await Assert.ThrowsAsync<EnvironmentFailedException>(schemas.LookAsync)).Message, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        schemas.Dispose();
        await registry.DisposeAsync();
        changed.Dispose();
    }

    RegistrySchemas Open(string url) =>
        new(new() { Client = new Dictionary<string, string> { ["schema.registry.url"] = url, ["schema.registry.retries.wait.ms"] = "1" } }, time) { StatusChanged = Hear };

    void Hear(RegistryStatus status)
    {
        told.Add(status);
        changed.Release();
    }

    /// <summary>What somebody who reads is told once his patience is over.</summary>
    async Task<EnvironmentFailedException> NotKnownAsync(RegistrySchemas asked, SchemaName name)
    {
        var reading = Task.Run(() => Assert.Throws<EnvironmentFailedException>(() => asked.Find(name)));
        await HoldsAsync(() => reading.IsCompleted, RegistrySchemas.FirstPatience);
        return await reading;
    }

    /// <summary>Lets time pass until it is so: the pauses between two questions, unless told otherwise.</summary>
    async Task HoldsAsync(Func<bool> condition, TimeSpan? step = null)
    {
        for (var began = Stopwatch.GetTimestamp(); !condition(); await changed.WaitAsync(Moment))
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, "it never was so");
            time.Advance(step ?? RegistrySchemas.LongestPause);
        }
    }
}
