using System.Collections.Concurrent;
using System.Text.Json;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Messages;
using StreamSettle.Schemas.Registry;
using StreamSettle.Schemas.Registry.Subjects;
using StreamSettle.Schemas.Tests.Registry;

namespace StreamSettle.Schemas.Tests.Messages;

/// <summary>The ids of our schemas at a start, with a registry that is there, away, or of another mind.</summary>
public sealed class MessageRegistrationTests : IAsyncDisposable
{
    readonly FakeRegistry registry = FakeRegistry.Start();
    readonly MessageBench bench = new();
    RegistrySubjects subjects;
    readonly ConcurrentQueue<string?> told = [];

    public MessageRegistrationTests()
    {
        subjects = Open();
        registry.Answer("config", 200, """{"compatibilityLevel":"NONE"}""");
    }

    [Fact]
    public async Task Registered_schemas_keep_their_ids()
    {
        PutAll(first: 20);

        await RunAsync();

        Assert.Equal(Enumerable.Range(20, MessageSchema.All.Count), MessageSchema.All.Select(bench.Schemas.IdOf));
        Assert.Equal([null], told);
        Assert.DoesNotContain(registry.Asked, path => path.EndsWith("/versions", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_start_waits_for_a_registry_that_is_away_and_says_so()
    {
        registry.Fault = (503, "");
        var running = RunAsync();
        while (told.IsEmpty && !running.IsCompleted)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Contains("streamsettle.DeliveryCommand has no id yet: the schema registry at", told.First(), StringComparison.Ordinal);
        Assert.Contains("answers 503", told.First(), StringComparison.Ordinal);
        Assert.Throws<BrokenInvariantException>(() => bench.Schemas.IdOf(MessageSchema.DeliveryCommand));
        PutAll(first: 20);
        registry.Fault = null;
        while (!running.IsCompleted)
        {
            bench.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        await running;
        Assert.Equal(22, bench.Schemas.IdOf(MessageSchema.DueOrder));
        Assert.Null(told.Last());
    }

    [Fact]
    public async Task What_was_kept_is_enough_while_the_registry_is_away()
    {
        PutAll(first: 20);
        await RunAsync();
        Restart();
        registry.Fault = (503, "");

        await RunAsync();

        Assert.Equal(Enumerable.Range(20, MessageSchema.All.Count), MessageSchema.All.Select(bench.Schemas.IdOf));
        Assert.Equal([null], told);
    }

    [Fact]
    public async Task A_registry_that_was_emptied_gives_other_ids_and_they_count()
    {
        PutAll(first: 20);
        await RunAsync();
        Restart();
        PutAll(first: 30);

        await RunAsync();

        Assert.Equal(Enumerable.Range(30, MessageSchema.All.Count), MessageSchema.All.Select(bench.Schemas.IdOf));
        Assert.Equal(30, bench.Schemas.KeptIdOf(MessageSchema.DeliveryCommand));
    }

    [Fact]
    public async Task A_schema_that_does_not_fit_what_is_registered_refuses_the_start()
    {
        PutAll(first: 20);
        var subject = MessageSchema.DeliveryResult.ToString();
        registry.Answer($"POST subjects/{subject}", 404, """{"error_code":40403,"message":"Schema not found"}""");
        registry.Answer($"subjects/{subject}/versions", 200, "[1]");
        registry.PutVersion(subject, 1, """{"type":"record","name":"DeliveryResult","namespace":"streamsettle","fields":[{"name":"outcome","type":"string"}]}""");

        var refused = await Assert.ThrowsAsync<UserMistakeException>(RunAsync);

        Assert.Contains("schemas/delivery-result.avsc: outcome: ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(registry.Asked, path => path == $"POST subjects/{subject}/versions");
    }

    public async ValueTask DisposeAsync()
    {
        subjects.Dispose();
        await registry.DisposeAsync();
        bench.Dispose();
    }

    RegistrySubjects Open() => new(new RegistryOptions { Client = new Dictionary<string, string> { ["schema.registry.url"] = registry.Url.ToString(), ["schema.registry.retries.wait.ms"] = "1" } });

    /// <summary>The client remembers what it was told, too.</summary>
    void Restart()
    {
        subjects.Dispose();
        subjects = Open();
        bench.Restart();
        told.Clear();
    }

    Task RunAsync() => new MessageRegistration(bench.Schemas, subjects, message => [message.ToString()], bench.Time).RunAsync(told.Enqueue, TestContext.Current.CancellationToken);

    void PutAll(int first)
    {
        foreach (var (message, at) in MessageSchema.All.Select((message, at) => (message, at)))
        {
            registry.Answer($"POST subjects/{message}", 200, $$"""{"id":{{first + at}},"version":1,"subject":"{{message}}","schema":{{JsonSerializer.Serialize(message.Text)}}}""");
        }
    }
}
