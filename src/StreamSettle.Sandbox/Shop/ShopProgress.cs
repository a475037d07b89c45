namespace StreamSettle.Sandbox.Shop;

/// <summary>How far the shop is.</summary>
/// <param name="Created">Orders inserted.</param>
/// <param name="Completed">Of these, set to COMPLETED.</param>
/// <param name="Edited">Later changes made: refunds, disputes, edits, deletions.</param>
/// <param name="ToCome">Later changes that wait for their time.</param>
public sealed record ShopProgress(int Created, int Completed, int Edited, int ToCome);
