using System.Globalization;
using Npgsql;
using StreamSettle.Integration.Tests.Around;

namespace StreamSettle.Integration.Tests.Delivering;

/// <summary>What is kept of a run that was not well: what came once in many runs is not seen again by asking.</summary>
static class Evidence
{
    /// <summary>Writes what each life said, the event log and the effects.</summary>
    /// <returns>The folder.</returns>
    public static async Task<string> KeepAsync(World world, IReadOnlyList<ServiceProcess> lives)
    {
        var folder = Directory.CreateTempSubdirectory("streamsettle-evidence-").FullName;
        for (var life = 0; life < lives.Count; life++)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, $"life-{life}.log"), lives[life].Output + "\n" + lives[life].Errors);
        }

        await File.WriteAllLinesAsync(Path.Combine(folder, "effects.tsv"), world.Downstreams.Effects.Snapshot().Select(effect =>
            string.Create(CultureInfo.InvariantCulture, $"{effect.Sequence}\t{effect.ArrivedAt}\t{effect.System}\t{effect.Outcome}\t{effect.Key}\t{System.Text.Encoding.UTF8.GetString(effect.Body)}")));
        await using var database = NpgsqlDataSource.Create(world.ConnectionString + ";Pooling=false");
        await using var command = database.CreateCommand("select seq_id, stream_id, version, type, timestamp::text, data::text from settlement.mt_events order by seq_id");
        await using var rows = await command.ExecuteReaderAsync();
        await using var events = File.CreateText(Path.Combine(folder, "events.tsv"));
        while (await rows.ReadAsync())
        {
            await events.WriteLineAsync(string.Join('\t', Enumerable.Range(0, rows.FieldCount).Select(at => Convert.ToString(rows.GetValue(at), CultureInfo.InvariantCulture))));
        }

        return folder;
    }
}
