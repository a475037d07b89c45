using StreamSettle.Sandbox.Postgres;
using StreamSettle.Sandbox.Tests.Postgres;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace StreamSettle.Sandbox.Tests.Postgres;

/// <summary>One server for all tests; each takes a database of its own.</summary>
public sealed class SharedPostgres : IAsyncDisposable
{
    readonly SemaphoreSlim gate = new(1);
    PrivatePostgres? server;
    int databases;

    /// <summary>At a desk without PostgreSQL the test is skipped; where CI says it must be there, it fails.</summary>
    public static void Require() =>
        Assert.SkipWhen(PostgresBinaries.TryFind() is null && Environment.GetEnvironmentVariable("CI") != "true", "PostgreSQL's server programs are not installed");

    public async Task<string> NewDatabaseAsync()
    {
        Require();
        await gate.WaitAsync();
        try
        {
            server ??= await PrivatePostgres.StartAsync(new() { Durable = false });
            return await server.CreateDatabaseAsync($"test_{++databases}");
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
