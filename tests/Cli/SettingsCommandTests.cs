namespace TrustMesh.Tests.Cli;

public sealed class SettingsCommandTests
{
    private const string People = """[{"name":"anna","grants":[{"role":"operator"},{"role":"approver","sites":["oslo"]}],"disabled":false,"createdAt":"2026-01-01T00:00:00Z","createdBy":"ada","sessions":0,"passkeys":0},{"name":"vera","grants":[{"role":"admin"}],"disabled":true,"createdAt":"2026-01-01T00:00:00Z","createdBy":"ada","sessions":0,"passkeys":0}]""";

    private static CannedSilo Silo() => new CannedSilo().Answer("GET operators", 200, People).Answer("GET api-tokens", 200, """[{"name":"night-job","state":"active","grants":[{"role":"operator","sites":["bergen"]}],"createdAt":"2026-01-01T00:00:00Z","createdBy":"anna","expiresAt":"2999-01-01T00:00:00Z"}]""")
        .Answer("GET operators/groups", 200, "[]").Answer("GET sites", 200, """[{"name":"bergen","devices":3,"counts":{"trusted":2,"pending":1}},{"name":"osl\u202eo","devices":1,"counts":{"stale":1}}]""")
        .Answer("GET session", 200, """{"name":"anna","role":"operator","expiresAt":"2999-01-01T00:00:00Z","grants":[{"role":"operator"}],"how":"code"}""");

    [Theory]
    [InlineData("anna\tperson\t(whole mesh)\toperator\t", "operators", "operator", "rights")]
    [InlineData("vera\tperson\t(whole mesh)\tnone\tnothing now, disabled\tadmin of the whole mesh", "operators", "operator", "rights")]
    [InlineData("anna\tperson\toslo\tapprover\twhat an operator may, and let devices in or turn them away\tapprover at oslo", "sites", "operator", "rights", "anna")]
    [InlineData("anna\tperson\tosl\\u202eo\toperator\t", "sites", "operator", "rights", "anna")]
    [InlineData("night-job\ttoken\tbergen\toperator\tsuspend, resume, revoke and tag devices, make join tokens; nothing that is for people alone\toperator at bergen", "operators", "operator", "rights", "--site", "bergen")]
    [InlineData("anna\tperson\tbergen\toperator\t", "session", "operator", "rights", "--own")]
    [InlineData("bergen\t3\t2\t0\t0\t0\t0\t1\t0\t0", "sites", "site", "list")]
    [InlineData("osl\\u202eo\t1\t0\t0\t0\t1\t0\t0\t0\t0", "sites", "site", "list")]
    public async Task Rights_are_told_by_place_with_the_grant_they_come_from(string line, string asked, params string[] typed)
    {
        var silo = Silo();
        var run = await new CliRun(silo).SignedInAsync();
        Assert.True(await run.RunAsync(typed) == 0, run.Error);
        Assert.Contains(line, run.Output, StringComparison.Ordinal);
        Assert.Contains(silo.Seen, one => one.Route == $"GET {asked}");
        // One's own need no other right.
        Assert.True(!typed.Contains("--own") || silo.Seen.All(one => one.Route != "GET operators"));
    }

    [Fact]
    public async Task Nobody_is_not_found_and_json_is_the_lines()
    {
        var run = await new CliRun(Silo()).SignedInAsync();
        Assert.Equal(3, await run.RunAsync("operator", "rights", "nobody"));
        Assert.Equal(2, await run.RunAsync("operator", "rights", "anna", "--own"));
        run = await new CliRun(Silo()).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("operator", "rights", "--site", "oslo", "--json"));
        Assert.Contains("\"who\":\"anna\",\"kind\":\"person\",\"site\":\"oslo\",\"role\":\"approver\"", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_are_printed_with_what_ends_soon()
    {
        const string View = """{"silo":"silo","dated":[{"what":"operators","subject":"CN=mesh","names":["mesh.example"],"notBefore":"2020-01-01T00:00:00Z","notAfter":"2021-01-01T00:00:00Z","fingerprint":"aa","renewal":"not by the silo","setting":"--operator-certificate"}],"kept":[{"what":"The log","howLong":"for ever"}],"backup":{"storage":"sqlite","lastAt":null,"parts":[{"what":"silo.db","why":"everything","command":"sqlite3 x"}]}}""";
        var run = await new CliRun(new CannedSilo().Answer("GET settings", 200, View)).SignedInAsync();
        Assert.Equal(0, await run.RunAsync("silo", "settings"));
        foreach (var line in (string[])["operators\tCN=mesh\tmesh.example\t2020-01-01 00:00:00Z\t2021-01-01 00:00:00Z (expired)\tnot by the silo\t--operator-certificate", "The log\tfor ever\tfixed", "silo.db\teverything\tsqlite3 x"])
            Assert.Contains(line, run.Output, StringComparison.Ordinal);
    }
}
