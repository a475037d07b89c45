using StreamSettle.Kernel.Failures;
using StreamSettle.Streams.RocksDb;
using Xunit;

namespace StreamSettle.Streams.Tests.RocksDb;

public sealed class DatabaseTests : IDisposable
{
    readonly TempDirectory temp = new();

    public void Dispose() => temp.Dispose();

    [Fact]
    public void A_batch_over_several_families_is_there_after_a_reopen()
    {
        using (var database = Open())
        {
            var batch = new WriteBatch();
            batch.Put(database.Family("a", FamilyUse.Store), "k"u8, "1"u8);
            batch.Put(database.Family("b", FamilyUse.Log), "k"u8, "2"u8);
            database.Write(batch, sync: true);
        }

        using var again = Open();
        Assert.Equal(["a", "b"], again.FamilyNames.Order());
        Assert.Equal("1", Get(again, "a", "k"u8));
        Assert.Equal("2", Get(again, "b", "k"u8));
        Assert.Null(Get(again, "a", "other"u8));
    }

    [Fact]
    public void A_value_larger_than_the_buffer_makes_the_buffer_grow()
    {
        using var database = Open();
        var family = database.Family("a", FamilyUse.Store);
        var value = new byte[100_000];
        value.AsSpan().Fill(7);
        var batch = new WriteBatch();
        batch.Put(family, "k"u8, value);
        batch.Put(family, "empty"u8, default);
        database.Write(batch, sync: false);

        var buffer = new byte[8];
        Assert.Equal(value.Length, database.Get(family, "k"u8, ref buffer));
        Assert.Equal(value, buffer.AsSpan(0, value.Length));
        Assert.Equal(0, database.Get(family, "empty"u8, ref buffer));
        Assert.Equal(-1, database.Get(family, ""u8, ref buffer));
    }

    [Fact]
    public void A_second_owner_is_refused()
    {
        using var database = Open();

        Assert.Throws<DatabaseLockedException>(Open);
    }

    [Fact]
    public void A_damaged_file_is_named_with_the_way_back()
    {
        using (var database = Open())
        {
            var batch = new WriteBatch();
            for (var i = 0; i < 1000; i++)
            {
                batch.Put(database.Family("a", FamilyUse.Store), BitConverter.GetBytes(i), new byte[100]);
            }

            database.Write(batch, sync: true);
            database.Flush();
        }

        var table = Directory.EnumerateFiles(temp.Below("db"), "*.sst").Single();
        using (var file = new FileStream(table, FileMode.Open))
        {
            file.Position = 100;
            file.Write([1, 2, 3, 4, 5, 6, 7, 8]);
        }

        var corrupt = Assert.Throws<CorruptStateException>(() =>
        {
            using var damaged = Open();
            Get(damaged, "a", BitConverter.GetBytes(1));
        });
        Assert.Contains(Path.GetFileName(table), corrupt.Message, StringComparison.Ordinal);
        Assert.Contains("restore it from a backup", corrupt.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Closing_waits_for_guests_and_lets_no_new_ones_in()
    {
        var database = Open();
        Assert.True(database.TryEnter());
        var closing = new Thread(database.Dispose);
        closing.Start();
        Assert.True(SpinWait.SpinUntil(() => !EnterAndExit(database), TimeSpan.FromSeconds(10)));
        Assert.True(closing.IsAlive);

        database.Exit();

        Assert.True(closing.Join(TimeSpan.FromSeconds(10)));
    }

    static bool EnterAndExit(Database database)
    {
        if (!database.TryEnter())
        {
            return false;
        }

        database.Exit();
        return true;
    }

    static string? Get(Database database, string family, ReadOnlySpan<byte> key)
    {
        var buffer = new byte[16];
        var length = database.Get(database.Family(family, FamilyUse.Store), key, ref buffer);
        return length < 0 ? null : System.Text.Encoding.UTF8.GetString(buffer, 0, length);
    }

    Database Open() => Database.Open(temp.Below("db"), new DatabaseOptions(), _ => FamilyUse.Store);
}
