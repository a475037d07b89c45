using Npgsql;
using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Postgres;
using Xunit;

namespace StreamSettle.Sandbox.Tests.Postgres;

public class PrivatePostgresTests
{
    [Fact]
    public async Task What_was_written_survives_a_crash_and_a_second_owner()
    {
        SharedPostgres.Require();
        var folder = Path.Combine(Path.GetTempPath(), $"streamsettle-pg-test-{Environment.ProcessId}");
        try
        {
            await using (var first = await PrivatePostgres.StartAsync(new() { Directory = folder }))
            {
                await ExecuteAsync(first.ConnectionString, "create table kept (x int); insert into kept values (7)");
                await first.RestartAsync(crash: true);
                Assert.Equal(7, await ExecuteAsync(first.ConnectionString, "select x from kept"));
                await Assert.ThrowsAsync<UserMistakeException>(() => PrivatePostgres.StartAsync(new() { Directory = folder }));
            }

            await using var second = await PrivatePostgres.StartAsync(new() { Directory = folder });
            Assert.Equal(7, await ExecuteAsync(second.ConnectionString, "select x from kept"));
            Assert.Equal("logical", await ExecuteAsync(second.ConnectionString, "show wal_level"));
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    [Fact]
    public async Task A_temporary_server_leaves_nothing_behind()
    {
        SharedPostgres.Require();
        var server = await PrivatePostgres.StartAsync(new() { Durable = false });
        Assert.True(Directory.Exists(server.Directory));
        await server.DisposeAsync();
        Assert.False(Directory.Exists(server.Directory));
    }

    [Fact]
    public async Task A_folder_of_somebody_else_is_not_touched()
    {
        SharedPostgres.Require();
        var folder = Directory.CreateTempSubdirectory("streamsettle-not-ours-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "thesis.txt"), "years of work");
            var refused = await Assert.ThrowsAsync<UserMistakeException>(() => PrivatePostgres.StartAsync(new() { Directory = folder.FullName, Fresh = true }));
            Assert.Contains("not empty", refused.Message, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(folder.FullName, "thesis.txt")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Without_server_programs_nothing_is_found() => Assert.Null(PostgresBinaries.TryFind("/nowhere", "/nowhere-either"));

    static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
