namespace StreamSettle.Connectors.Debezium.Rows;

/// <summary>A row of <c>promoters</c> while it is read.</summary>
internal sealed class PromoterDraft(PromoterColumns columns) : RowDraft("promoters", new(columns.InOrder), [RowValue.Integer, RowValue.Integer])
{
    /// <summary>Who recruited this promoter; null for nobody.</summary>
    public long? Parent { get; private set; }

    public override void Clear()
    {
        base.Clear();
        Parent = null;
    }

    public override void SetNull(int column)
    {
        base.SetNull(column);
        Parent = column == PromoterColumns.Parent ? null : Parent;
    }

    protected override void SetOther(int column, long value) => Parent = value;
}
