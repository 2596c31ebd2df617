namespace TrustMesh.Tests.Cli;

public sealed class AlertCommandTests
{
    private const string Id = "0123456789abcdef0123456789abcdef", Other = "01230000000000000000000000000000";

    private const string Delivery = """{"id":"msg_1","type":"io.trustmesh.alert.fired.v1","subject":"alerts/1","at":"2026-01-01T00:00:00Z","state":"waiting","attempts":2,"status":503,"error":"status","milliseconds":12,"triedAt":"2026-01-01T00:00:30Z","nextAt":"2026-01-01T00:01:00Z"}""";

    private const string Hook = """{"name":"ops","url":"https://hooks.example/","severity":"info","by":"ada","at":"2026-01-01T00:00:00Z","waiting":1,"rotatesUntil":null,"last":""" + Delivery + "}";

    private const string Silence = """{"id":"0123456789abcdef","query":"site:oslo","rule":null,"until":"2026-01-02T00:00:00Z","reason":"works","by":"olga","at":"2026-01-01T00:00:00Z"}""";

    [Fact]
    public async Task Alerts_are_listed_without_what_is_resolved_and_without_obeying_what_they_say()
    {
        var silo = new CannedSilo().Answer("GET alerts", 200, $"[{Alert(Id, "firing", "1 device: \\u001b[31m is not as expected")},{Alert(Other, "resolved", "gone")}]");
        var run = await new CliRun(silo).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("alert", "list"));
        Assert.Equal("ID\tSEVERITY\tSTATE\tRULE\tWHAT\tFIRED\tBY\n01234567\tcritical\tfiring\tdevices-failing\t1 device: \\u001b[31m is not as expected\t2026-01-01 00:00:00Z\t-\n", run.Output);
        Assert.Equal(0, await run.RunAsync("alert", "list", "--resolved", "--json"));
        Assert.Contains(Other, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_alert_is_taken_on_by_the_start_of_its_id()
    {
        var silo = new CannedSilo().Answer("GET alerts", 200, $"[{Alert(Id, "firing", "one")},{Alert(Other, "firing", "two")}]").Answer($"POST alerts/{Id}/acknowledge", 200, Alert(Id, "acknowledged", "one"));
        var run = await new CliRun(silo).SignedInAsync();
        Assert.True(await run.RunAsync("alert", "acknowledge", "01234567", "--note", "on it") == 0, run.Error);
        Assert.Equal("""{"note":"on it"}""", silo.Seen[^1].Body);
        Assert.Equal(5, await run.RunAsync("alert", "ack", "0123"));
        Assert.Equal(3, await run.RunAsync("alert", "ack", "ff"));
        Assert.Contains("trustmesh alert list", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silences_are_made_listed_and_ended()
    {
        var silo = new CannedSilo().Answer("POST alerts/silences", 200, Silence).Answer("GET alerts/silences", 200, $"[{Silence}]").Answer("DELETE alerts/silences/0123456789abcdef", 204, "");
        var run = await new CliRun(silo).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("alert", "silence", "add", "--query", "site:oslo", "--for", "4h", "--reason", "works"));
        Assert.Equal("""{"query":"site:oslo","rule":null,"seconds":14400,"reason":"works"}""", silo.Seen[^1].Body);
        Assert.Equal(0, await run.RunAsync("alert", "silence", "list"));
        Assert.Contains("0123456789abcdef\tevery\tsite:oslo\t2026-01-02 00:00:00Z\tolga\tworks", run.Output, StringComparison.Ordinal);
        Assert.Equal(0, await run.RunAsync("alert", "silence", "end", "0123456789abcdef"));
        Assert.Equal(2, await run.RunAsync("alert", "silence", "add", "--rule", "devices-failing", "--for", "4h"));
        Assert.Equal(2, await run.RunAsync("alert", "silence", "add", "--rule", "devices-failing", "--for", "soon", "--reason", "works"));
    }

    [Fact]
    public async Task Rules_are_set_switched_and_removed()
    {
        const string rule = """{"name":"oslo","query":"site:oslo status:failed","about":"devices the query finds","severity":"critical","forSeconds":300,"enabled":true,"builtIn":false,"by":"ada","at":"2026-01-01T00:00:00Z"}""";
        var silo = new CannedSilo().Answer("PUT alerts/rules/oslo", 200, rule).Answer("GET alerts/rules", 200, $"[{rule}]").Answer("DELETE alerts/rules/oslo", 204, "");
        var run = await new CliRun(silo).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("alert", "rule", "set", "oslo", "site:oslo status:failed", "--severity", "critical", "--for", "5m"));
        Assert.Equal("""{"query":"site:oslo status:failed","severity":"critical","forSeconds":300,"enabled":null}""", silo.Seen[^1].Body);
        Assert.Equal(0, await run.RunAsync("alert", "rule", "off", "oslo"));
        Assert.Equal("""{"query":null,"severity":null,"forSeconds":null,"enabled":false}""", silo.Seen[^1].Body);
        Assert.Equal(0, await run.RunAsync("alert", "rule", "list"));
        Assert.Contains("oslo\tcritical\tsite:oslo status:failed\t300 s\tyes\tno", run.Output, StringComparison.Ordinal);
        Assert.Equal(0, await run.RunAsync("alert", "rule", "remove", "oslo"));
        Assert.Equal(2, await run.RunAsync("alert", "rule", "set", "oslo", "site:oslo", "--severity", "loud"));
    }

    [Fact]
    public async Task A47_The_secret_of_a_webhook_is_printed_once_and_alone()
    {
        var silo = new CannedSilo().Answer("POST webhooks", 200, $$"""{"webhook":{{Hook}},"secret":"whsec_c2VjcmV0"}""").Answer("POST webhooks/ops/rotate", 200, $$"""{"webhook":{{Hook}},"secret":"whsec_bmV3"}""");
        var run = await new CliRun(silo).SignedInAsync();
        Assert.True(await run.RunAsync("webhook", "add", "ops", "https://hooks.example/", "--severity", "warning") == 0, run.Error);
        Assert.Equal("whsec_c2VjcmV0\n", run.Output);
        Assert.DoesNotContain("whsec_", run.Error, StringComparison.Ordinal);
        Assert.Equal("""{"name":"ops","url":"https://hooks.example/","severity":"warning"}""", silo.Seen[^1].Body);
        Assert.Equal(0, await run.RunAsync("webhook", "rotate", "ops"));
        Assert.EndsWith("whsec_bmV3\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Webhooks_are_listed_tested_sent_again_and_removed()
    {
        var silo = new CannedSilo().Answer("GET webhooks", 200, $"[{Hook}]").Answer("GET webhooks/ops/deliveries", 200, $"[{Delivery}]").Answer("POST webhooks/ops/test", 202, "")
            .Answer("POST webhooks/ops/deliveries/msg_1/resend", 202, "").Answer("DELETE webhooks/ops", 204, "");
        var run = await new CliRun(silo).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("webhook", "list"));
        Assert.Contains("ops\thttps://hooks.example/\tinfo\t1\tstatus 503\t2026-01-01 00:00:30Z", run.Output, StringComparison.Ordinal);
        Assert.Equal(0, await run.RunAsync("webhook", "deliveries", "ops"));
        Assert.Contains("msg_1\tio.trustmesh.alert.fired.v1\t2026-01-01 00:00:00Z\twaiting\tstatus 503\t2\t12\t2026-01-01 00:01:00Z", run.Output, StringComparison.Ordinal);
        Assert.Equal(0, await run.RunAsync("webhook", "test", "ops"));
        Assert.Equal(0, await run.RunAsync("webhook", "resend", "ops", "msg_1"));
        Assert.Equal(0, await run.RunAsync("webhook", "remove", "ops"));
        Assert.Equal(3, await run.RunAsync("webhook", "test", "nobody"));
        Assert.Contains("trustmesh webhook list", run.Error, StringComparison.Ordinal);
    }

    private static string Alert(string id, string state, string text) => $$"""
        {"id":"{{id}}","rule":"devices-failing","severity":"critical","state":"{{state}}","cause":"x","text":"{{text}}","query":"status:failed","devices":1,"sample":[],"firedAt":"2026-01-01T00:00:00Z","changedAt":"2026-01-01T00:00:00Z","acknowledged":null,"resolvedAt":{{(state == "resolved" ? "\"2026-01-01T01:00:00Z\"" : "null")}},"silence":null}
        """.Trim();
}
