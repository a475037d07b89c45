namespace StreamSettle.Integration.Tests.Storms;

/// <summary>What the service must make of a trouble while it lasts.</summary>
enum Sight
{
    /// <summary>The source cannot be known: nothing fires, and it says why.</summary>
    Blind,

    /// <summary>Nothing is hidden: it is ready again by itself, though the trouble lasts.</summary>
    Clear,

    /// <summary>Either, as long as what it does is right.</summary>
    Either,
}

/// <summary>Something that happens to the source, its roles, its server or the way to it, lasts a while, and is mended.</summary>
sealed record Trouble(string Name, Sight Sight, Func<Storm, Task> Begin, Func<Storm, Task> End)
{
    /// <summary>Statements that the shop's administrator runs, and what the shop calls things meanwhile.</summary>
    public static Trouble Sql(string name, Sight sight, string begin, string end, Action<ShopNames>? rename = null, Action<ShopNames>? back = null) => new(
        name, sight, storm => storm.AdministerAsync(begin, rename), storm => storm.AdministerAsync(end, back));

    /// <summary>Something that is over at once.</summary>
    public static Trouble Once(string name, Sight sight, Func<Storm, Task> act) => new(name, sight, act, _ => Task.CompletedTask);

    public override string ToString() => Name;
}
