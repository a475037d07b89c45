using System.Security.Cryptography;
using System.Text;

namespace StreamSettle.Integration.Tests.Around;

/// <summary>Keys of a world's API: one of an operator, named <c>ops</c>, and one of who only looks, named <c>eyes</c>.</summary>
static class ApiKeys
{
    public const string Operator = "open sesame";

    public const string Eyes = "eyes";

    const string Given = "STREAMSETTLE_KEY";

    /// <summary>The service knows the operator from its next start on.</summary>
    /// <param name="isGiven">Commands come as the operator.</param>
    public static void Use(World world, bool isGiven = false)
    {
        world.Settings["Access:Keys:ops:Hash"] = Hash(Operator);
        world.Settings["Access:Keys:ops:Role"] = "Operator";
        if (isGiven)
        {
            Give(world, Operator);
        }
    }

    /// <param name="role">Null for what a key may do by default.</param>
    public static void UseEyes(World world, string? role = null)
    {
        world.Settings["Access:Keys:eyes:Hash"] = Hash(Eyes);
        if (role is not null)
        {
            world.Settings["Access:Keys:eyes:Role"] = role;
        }
    }

    /// <summary>Commands come with it.</summary>
    public static void Give(World world, string key) => world.Settings[Given] = key;

    public static void Take(World world) => world.Settings.Remove(Given);

    /// <summary>The service knows no key.</summary>
    public static void Forget(World world)
    {
        foreach (var key in world.Settings.Keys.Where(key => key.StartsWith("Access:Keys:", StringComparison.Ordinal)).ToList())
        {
            world.Settings.Remove(key);
        }
    }

    static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
