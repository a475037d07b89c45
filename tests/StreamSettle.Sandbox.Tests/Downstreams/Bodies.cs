using System.Text;

namespace StreamSettle.Sandbox.Tests.Downstreams;

/// <summary>Calls as the contract has them.</summary>
internal static class Bodies
{
    public static string Split(long order, long merchant = 7, long amount = 1000, int n = 0) => $$"""
        {"orderId":{{order}},"merchantId":{{merchant}},"currency":"EUR","amount":{{amount}},"kind":"{{Kind(n)}}","ruleVersion":"v1","completedAt":"2026-11-01T00:00:00Z","dueAt":"2026-11-02T00:00:00.123456Z","lines":[{"party":"platform","amount":100},{"party":"merchant:{{merchant}}","amount":{{amount - 100}} }]}
        """;

    public static string Verification(long order, long merchant = 7) => $$"""
        {"orderId":{{order}},"merchantId":{{merchant}},"currency":"EUR","amount":1000,"kind":"SETTLEMENT","ruleVersion":"v1","completedAt":"2026-11-01T00:00:00Z","dueAt":"2026-11-02T00:00:00Z"}
        """;

    public static string Tax(long order) => $$"""
        {"orderId":{{order}},"merchantId":7,"currency":"JPY","amount":10,"kind":"SETTLEMENT","ruleVersion":"v1","completedAt":"2026-11-01T00:00:00Z","dueAt":"2026-11-02T00:00:00Z","country":"JP","lines":[{"party":"tax:JP","amount":10}],"invoice":{"number":"I-1"} }
        """;

    public static string Commission(long order) => $$"""
        {"orderId":{{order}},"merchantId":7,"currency":"KWD","amount":30,"kind":"SETTLEMENT","ruleVersion":"v1","completedAt":"2026-11-01T00:00:00Z","dueAt":"2026-11-02T00:00:00Z","lines":[{"promoterId":5,"level":1,"amount":20},{"promoterId":6,"level":3,"amount":10}]}
        """;

    public static string TaxRefund(long order) => $$"""
        {"orderId":{{order}},"merchantId":7,"currency":"CNY","amount":30,"kind":"SETTLEMENT","ruleVersion":"v1","completedAt":"2026-11-01T00:00:00Z","dueAt":"2026-11-02T00:00:00Z","country":"CN","taxDay":"2026-11-01"}
        """;

    public static string Batch(params IEnumerable<(string Key, string Body)> items) =>
        new StringBuilder("{\"items\":[").AppendJoin(',', items.Select(item => $$"""{"key":"{{item.Key}}","body":{{item.Body}}}""")).Append("]}").ToString();

    static string Kind(int n) => n == 0 ? "SETTLEMENT" : "REVERSAL";
}
