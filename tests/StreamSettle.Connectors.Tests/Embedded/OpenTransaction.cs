using System.Globalization;
using Npgsql;
using Xunit;

namespace StreamSettle.Connectors.Tests.Embedded;

/// <summary>A transaction with an id of its own, on a connection of its own.</summary>
internal sealed class OpenTransaction : IAsyncDisposable
{
    readonly NpgsqlConnection connection;

    OpenTransaction(NpgsqlConnection connection, long id) => (this.connection, Id) = (connection, id);

    public long Id { get; }

    public static async Task<OpenTransaction> BeginAsync(SourceDatabase shop)
    {
        var connection = await shop.OpenAsync();
        await using var begin = new NpgsqlCommand("begin; select txid_current()", connection);
        return new(connection, (long)(await begin.ExecuteScalarAsync())!);
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public Task CommitAsync() => ExecuteAsync("commit");

    /// <summary>Waits until somebody else waits for this transaction's end.</summary>
    public async Task UntilAwaitedAsync(SourceDatabase shop)
    {
        var deadline = DateTimeOffset.UtcNow + TimeSpan.FromSeconds(30);
        var sql = string.Create(CultureInfo.InvariantCulture, $"select count(*) from pg_locks where locktype = 'transactionid' and not granted and transactionid::text::bigint = {Id}");
        while (await shop.ScalarAsync<long>(sql) == 0)
        {
            Assert.True(DateTimeOffset.UtcNow < deadline, $"nobody waits for transaction {Id} within 30 s");
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
