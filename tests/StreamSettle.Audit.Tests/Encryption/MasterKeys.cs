using StreamSettle.Audit.Encryption;

namespace StreamSettle.Audit.Tests.Encryption;

/// <summary>Master keys of tests: their bytes follow from a letter.</summary>
static class MasterKeys
{
    public static MasterKey Of(string id, byte filled = 7) => MasterKey.Read(id, Convert.ToBase64String(Enumerable.Repeat(filled, MasterKey.Bytes).ToArray()));

    /// <summary>A ring that encrypts by its first key.</summary>
    public static KeyRing Ring(params MasterKey[] keys) => new(keys, keys[0].Id);

    public static KeyRing Reading(params MasterKey[] keys) => new(keys);
}
