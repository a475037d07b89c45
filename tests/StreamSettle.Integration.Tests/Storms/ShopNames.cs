namespace StreamSettle.Integration.Tests.Storms;

/// <summary>What the shop's orders and their columns are called at the moment: the shop knows, the service does not.</summary>
sealed class ShopNames
{
    readonly Dictionary<string, string?> renamed = [];

    public string Orders { get; set; } = "orders";

    /// <summary>The column's name; null when it is gone.</summary>
    public string? this[string column]
    {
        get => renamed.GetValueOrDefault(column, column);
        set => renamed[column] = value;
    }
}
