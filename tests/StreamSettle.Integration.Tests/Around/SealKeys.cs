using System.Security.Cryptography;

namespace StreamSettle.Integration.Tests.Around;

/// <summary>A private seal key and its public half, as files of a world.</summary>
sealed record SealKeys(string Secret, string Open)
{
    public const string Name = "2026";

    public static SealKeys Make(World world)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (secret, open) = (Path.Combine(world.Folder, $"{Guid.NewGuid():N}.pem"), Path.Combine(world.Folder, $"{Guid.NewGuid():N}.pub.pem"));
        File.WriteAllText(secret, key.ExportECPrivateKeyPem());
        File.WriteAllText(open, key.ExportSubjectPublicKeyInfoPem());
        return new(secret, open);
    }

    /// <summary>The service seals each second from its next start on.</summary>
    public static SealKeys Use(World world)
    {
        var keys = Make(world);
        world.Settings["Audit:Seal:KeyFile"] = keys.Secret;
        world.Settings["Audit:Seal:Name"] = Name;
        world.Settings["Audit:Seal:Interval"] = "00:00:01";
        return keys;
    }

    /// <summary>What verifies has no secret.</summary>
    public static void Forget(World world)
    {
        foreach (var key in (string[])["KeyFile", "Name", "Interval"])
        {
            world.Settings.Remove($"Audit:Seal:{key}");
        }
    }
}
