using System.Runtime.InteropServices;
using StreamSettle.Streams.RocksDb.Native;

namespace StreamSettle.Streams.RocksDb;

/// <summary>Opens a database with every column family it has: RocksDB refuses to open with fewer.</summary>
internal static unsafe class DatabaseOpening
{
    public const string DefaultFamily = "default";

    public static Database Open(string directory, DatabaseOptions limits, Func<string, FamilyUse> useOf)
    {
        Directory.CreateDirectory(directory);
        return Open(directory, limits, useOf, readOnly: false);
    }

    public static Database OpenReadOnly(string directory, DatabaseOptions limits, Func<string, FamilyUse> useOf) => Open(directory, limits, useOf, readOnly: true);

    static Database Open(string directory, DatabaseOptions limits, Func<string, FamilyUse> useOf, bool readOnly)
    {
        var options = new OpenOptions(limits);
        try
        {
            return Open(directory, options, FamiliesOf(directory, options), useOf, readOnly);
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }

    static Database Open(string directory, OpenOptions options, string[] names, Func<string, FamilyUse> useOf, bool readOnly)
    {
        using var path = new NativeText(directory);
        var texts = names.Select(name => new NativeText(name)).ToArray();
        var starts = stackalloc byte*[names.Length];
        var familyOptions = stackalloc nint[names.Length];
        var handles = stackalloc nint[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            starts[i] = texts[i].Start;
            familyOptions[i] = FamilyTuning.Create(names[i] == DefaultFamily ? FamilyUse.Small : useOf(names[i]), options.Limits, options.Cache);
        }

        byte* error = null;
        var database = readOnly
            ? DatabaseCalls.rocksdb_open_for_read_only_column_families(options.Handle, path.Start, names.Length, starts, familyOptions, handles, errorIfWalExists: 0, &error)
            : DatabaseCalls.rocksdb_open_column_families(options.Handle, path.Start, names.Length, starts, familyOptions, handles, &error);
        var families = new List<ColumnFamily>();
        for (var i = 0; i < names.Length; i++)
        {
            texts[i].Dispose();
            OptionCalls.rocksdb_options_destroy(familyOptions[i]);
            if (error is null)
            {
                families.Add(new ColumnFamily(names[i], handles[i], DatabaseCalls.rocksdb_column_family_handle_get_id(handles[i])));
            }
        }

        RocksFailure.ThrowIf(error, directory, "opening");
        return new Database(directory, database, options, families);
    }

    static string[] FamiliesOf(string directory, OpenOptions options)
    {
        if (!File.Exists(Path.Combine(directory, "CURRENT")))
        {
            return [DefaultFamily];
        }

        nuint count = 0;
        byte* error = null;
        using var path = new NativeText(directory);
        var list = DatabaseCalls.rocksdb_list_column_families(options.Handle, path.Start, &count, &error);
        RocksFailure.ThrowIf(error, directory, "listing column families");
        var names = new string[(int)count];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = Marshal.PtrToStringUTF8((nint)list[i])!;
        }

        DatabaseCalls.rocksdb_list_column_families_destroy(list, count);
        return names;
    }
}
