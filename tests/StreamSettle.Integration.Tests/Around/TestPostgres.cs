using StreamSettle.Integration.Tests.Around;
using StreamSettle.Sandbox.Postgres;
using Xunit;

[assembly: AssemblyFixture(typeof(TestPostgres))]

// Each test runs whole services: more of them at once take the processor from each other, and instants pass that a test has named.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]

namespace StreamSettle.Integration.Tests.Around;

/// <summary>One server for the tests that leave it alone; each takes a database of its own.</summary>
public sealed class TestPostgres : IAsyncDisposable
{
    readonly SemaphoreSlim gate = new(1);
    PrivatePostgres? server;
    int databases;

    /// <summary>Without PostgreSQL the test is skipped; where CI says it must be there, it fails.</summary>
    public static void Require() =>
        Assert.SkipWhen(PostgresBinaries.TryFind() is null && Environment.GetEnvironmentVariable("CI") != "true", "PostgreSQL's server programs are not installed");

    /// <returns>The connection string of a new, empty database.</returns>
    public async Task<string> NewDatabaseAsync()
    {
        Require();
        await gate.WaitAsync();
        try
        {
            // Each test leaves its slot behind; none may be refused for want of one.
            server ??= await PrivatePostgres.StartAsync(new()
            {
                Durable = false, SharedBuffersMb = 64, MaxConnections = 300,
                Settings = new Dictionary<string, string> { ["max_replication_slots"] = "64", ["max_wal_senders"] = "64" },
            });
            return await server.CreateDatabaseAsync($"shop_{++databases}");
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        gate.Dispose();
    }
}
