using System.Text.Json;
using StreamSettle.Connectors.Debezium.Forms;

namespace StreamSettle.Connectors.Debezium.Rows;

/// <summary>A row of <c>promoters</c> while it is read.</summary>
internal sealed class PromoterDraft(PromoterColumns columns) : RowDraft("promoters", new(columns.InOrder))
{
    /// <summary>Who recruited this promoter; null for nobody.</summary>
    public long? Parent { get; private set; }

    public override void Clear()
    {
        base.Clear();
        Parent = null;
    }

    protected override void SetOther(int column, ref Utf8JsonReader reader, ColumnPlan plan, TextStore texts) =>
        Parent = ColumnValue.Int64(ref reader, Columns[column]);
}
