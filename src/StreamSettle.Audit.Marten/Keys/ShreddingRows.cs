using Npgsql;
using StreamSettle.Audit.Marten.Schema;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Audit.Marten.Keys;

/// <summary>Destroys merchants' keys, and records it.</summary>
internal sealed class ShreddingRows(Tables tables)
{
    const string Columns = "number, merchant, keys, by, reason, request, shredded_at";

    readonly DataKeyRows keys = new(tables);

    readonly string destroy = $"update {tables.Keys} set wrapped = null where merchant = $1 and wrapped is not null";

    readonly string record = $"""
        insert into {tables.Shreddings} (number, merchant, keys, by, reason, request)
        select coalesce(max(number), 0) + 1, $1, $2, $3, $4, $5 from {tables.Shreddings} returning {Columns}
        """;

    public Task<List<Shredding>> AllAsync(NpgsqlConnection connection, CancellationToken stop) => ReadAsync(connection, $"select {Columns} from {tables.Shreddings} order by number", stop);

    /// <summary>Those behind a number.</summary>
    public Task<List<Shredding>> SinceAsync(NpgsqlConnection connection, long number, CancellationToken stop) =>
        ReadAsync(connection, $"select {Columns} from {tables.Shreddings} where number > $1 order by number", stop, number);

    /// <returns>Null where the merchant has no key that could be destroyed.</returns>
    /// <exception cref="UserMistakeException">That request asked for something else before.</exception>
    public async Task<Shredding?> ShredAsync(NpgsqlConnection connection, ShreddingRequest asked, CancellationToken stop)
    {
        await using var transaction = await connection.BeginTransactionAsync(stop);
        await keys.ExcludeAsync(connection, stop);
        if ((await ReadAsync(connection, $"select {Columns} from {tables.Shreddings} where request = $1", stop, asked.Request)).FirstOrDefault() is { } before)
        {
            return (before.Merchant, before.By, before.Reason) == (asked.Merchant, asked.By, asked.Reason) ? before
                : throw new UserMistakeException($"Request '{asked.Request}' was another one: {before.By} shredded the keys of merchant {before.Merchant} by it at {before.At}. Give a new request another id.");
        }

        await using var command = new NpgsqlCommand(destroy, connection) { Parameters = { new() { Value = asked.Merchant } } };
        var destroyed = await command.ExecuteNonQueryAsync(stop);
        if (destroyed == 0)
        {
            return null;
        }

        var shredding = (await ReadAsync(connection, record, stop, asked.Merchant, destroyed, asked.By, asked.Reason, asked.Request))[0];
        await transaction.CommitAsync(stop);
        return shredding;
    }

    static async Task<List<Shredding>> ReadAsync(NpgsqlConnection connection, string sql, CancellationToken stop, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        await using var rows = await command.ExecuteReaderAsync(stop);
        List<Shredding> found = [];
        while (await rows.ReadAsync(stop))
        {
            found.Add(new(
                rows.GetInt64(0), rows.GetString(1), rows.GetInt32(2), rows.GetString(3), rows.GetString(4), rows.GetString(5), UtcInstant.From(rows.GetFieldValue<DateTimeOffset>(6))));
        }

        return found;
    }
}
