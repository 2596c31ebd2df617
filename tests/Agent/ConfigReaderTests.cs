using TrustMesh.Agent.Configuration;
using TrustMesh.Roots.Pkcs11;

namespace TrustMesh.Tests.Agent;

public sealed class ConfigReaderTests
{
    private const string Good = """
        {"name": "press-1", "site": "oslo", "model": "press", "state": "state", "silo": "https://silo.example:7443",
         "root": {"kind": "tpm", "tpm": "unix:swtpm.sock"}, "measure": [{"root": "/opt/press", "prefix": "/app", "files": ["bin/**"]}]}
        """;

    [Fact]
    public void The_example_is_a_good_configuration()
    {
        var config = ConfigReader.Parse(ExampleConfig.Text, "/etc/trustmesh/agent.json");
        Assert.Equal(("press-1", "tpm", 13), (config.Name, config.Root.Kind, config.Root.MeasurementPcr));
    }

    [Fact]
    public void Paths_are_relative_to_the_file()
    {
        var config = ConfigReader.Parse(Good, "/etc/trustmesh/agent.json");
        Assert.Equal("/etc/trustmesh/state", config.State);
        Assert.Equal("unix:/etc/trustmesh/swtpm.sock", config.Root.Tpm);
        Assert.Equal("/opt/press", config.Measure[0].Root);
    }

    [Fact]
    public void Everything_wrong_is_told_at_once()
    {
        var wrong = Assert.Throws<ConfigException>(() => ConfigReader.Parse(
            """{"nmae": "x", "site": "A B", "silo": "http://x", "root": {"kind": "tmp", "measurementPcr": 16}, "measure": [{"root": "/", "files": ["/etc"]}]}""", "agent.json"));
        Assert.Contains(wrong.Problems, problem => problem.Contains("did you mean \"name\"?", StringComparison.Ordinal));
        foreach (var key in new[] { "\"name\" is missing", "\"model\" is missing", "\"state\" is missing", "\"site\"", "\"silo\"", "\"root.kind\"", "\"root.measurementPcr\"", "\"measure[0].files\"" })
            Assert.Contains(wrong.Problems, problem => problem.Contains(key, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"root\": {\"kind\": \"tpm\"", "\"root\": {\"kind\": \"software\"", "has no meaning with a software root")]
    [InlineData("\"prefix\": \"/app\"", "\"prefix\": \"app\"", "prefix")]
    [InlineData("\"prefix\": \"/app\"", "\"prefixx\": \"/app\"", "did you mean \"prefix\"?")]
    [InlineData("https://silo.example:7443", "https://user:word@silo.example", "silo")]
    [InlineData("unix:swtpm.sock", "swtpm.sock", "root.tpm")]
    [InlineData("\"name\": \"press-1\"", "\"name\": \"press-1\", \"name\": \"press-2\"", "JSON")]
    [InlineData("[\"bin/**\"]", "[]", "names no file")]
    [InlineData("[\"bin/**\"]", "[\"../x\"]", "../x")]
    public void One_wrong_thing_is_named(string good, string bad, string expected)
    {
        var wrong = Assert.Throws<ConfigException>(() => ConfigReader.Parse(Good.Replace(good, bad, StringComparison.Ordinal), "agent.json"));
        Assert.Contains(expected, string.Join(' ', wrong.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"https://silo.example:7443\"", "https://silo.example:7443/")]
    [InlineData("[\"https://silo.example:7443\"]", "https://silo.example:7443/")]
    [InlineData("[\"https://a.example:7443\", \"https://10.0.0.9:7443\", \"https://[fd00::9]\"]", "https://a.example:7443/ https://10.0.0.9:7443/ https://[fd00::9]/")]
    public void A_silo_is_one_address_or_a_list(string silo, string expected)
        => Assert.Equal(expected, string.Join(' ', ConfigReader.Parse(Good.Replace("\"https://silo.example:7443\"", silo, StringComparison.Ordinal), "agent.json").Silos));

    [Theory]
    [InlineData("[]", "\"silo\" is an empty list; write an https address")]
    [InlineData("[\"https://a.example\", \"https://A.example:443/\"]", "\"silo\" has https://a.example twice; remove one")]
    [InlineData("[\"https://a.example\", \"http://b.example\"]", "\"silo\" has \"http://b.example\", which is not an https address without a path")]
    [InlineData("[\"https://a.example\", 7443]", "\"silo\" has an entry, which is not an https address")]
    [InlineData("[\"https://a.example\", [\"https://b.example\"]]", "\"silo\" has an entry, which is not an https address")]
    [InlineData("\"https://a.example,https://b.example\"", "\"silo\" must be an https address without a path")]
    [InlineData("{\"a\": \"https://a.example\"}", "\"silo\" must be a text")]
    [InlineData("[\"https://a:1\", \"https://a:2\", \"https://a:3\", \"https://a:4\", \"https://a:5\", \"https://a:6\", \"https://a:7\", \"https://a:8\", \"https://a:9\"]", "\"silo\" has 9 entries; leave at most 8")]
    public void One_wrong_thing_among_silos_is_named_with_its_fix(string silo, string expected)
    {
        var wrong = Assert.Throws<ConfigException>(() => ConfigReader.Parse(Good.Replace("\"https://silo.example:7443\"", silo, StringComparison.Ordinal), "agent.json"));
        Assert.Contains(expected, Assert.Single(wrong.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_is_read_with_what_is_usual_filled_in()
    {
        var root = Token("\"module\": \"/usr/lib/softhsm/libsofthsm2.so\"").Root;
        Assert.Equal(("pkcs11", new Pkcs11Settings("/usr/lib/softhsm/libsofthsm2.so", "", null, "trustmesh")), (root.Kind, root.Pkcs11));
        root = Token("\"module\": \"hsm.so\", \"token\": \"press-1\", \"pinFile\": \"pin\", \"keyLabel\": \"press\"").Root;
        Assert.Equal(new("/etc/trustmesh/hsm.so", "press-1", "/etc/trustmesh/pin", "press"), root.Pkcs11);
        Assert.Null(ConfigReader.Parse(Good, "/etc/trustmesh/agent.json").Root.Pkcs11);
    }

    [Theory]
    [InlineData("\"token\": \"x\"", "\"root.module\" is missing")]
    [InlineData("\"module\": \"/m.so\", \"tpm\": \"device:/dev/tpmrm0\"", "\"root.tpm\" has no meaning with a pkcs11 root")]
    [InlineData("\"module\": \"/m.so\", \"measurementPcr\": 13", "\"root.measurementPcr\" has no meaning with a pkcs11 root")]
    [InlineData("\"module\": \"/m.so\", \"endorsementKey\": \"auto\"", "\"root.endorsementKey\" has no meaning with a pkcs11 root")]
    [InlineData("\"module\": \"/m.so\", \"keyLabel\": \"\"", "\"root.keyLabel\" can not be used")]
    [InlineData("\"module\": \"/m.so\", \"pin\": \"1234\"", "\"root.pin\" is not a setting")]
    [InlineData("\"modul\": \"/m.so\"", "did you mean \"module\"?")]
    public void One_wrong_thing_of_a_token_is_named(string settings, string expected)
    {
        var problems = string.Join(' ', Assert.Throws<ConfigException>(() => Token(settings)).Problems);
        Assert.Contains(expected, problems, StringComparison.Ordinal);
        Assert.DoesNotContain("1234", problems, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tpm")]
    [InlineData("software")]
    public void Settings_of_a_token_have_no_meaning_with_another_root(string kind)
    {
        var wrong = Assert.Throws<ConfigException>(() => ConfigReader.Parse(Good.Replace("\"kind\": \"tpm\", \"tpm\": \"unix:swtpm.sock\"",
            $"\"kind\": \"{kind}\", \"module\": \"/m.so\", \"token\": \"t\", \"pinFile\": \"p\", \"keyLabel\": \"k\"", StringComparison.Ordinal), "agent.json"));
        Assert.Equal(4, wrong.Problems.Count(problem => problem.Contains($"has no meaning with a {kind} root; remove it or choose kind \"pkcs11\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void There_is_no_root_by_default_and_none_to_fall_back_to()
    {
        var wrong = Assert.Throws<ConfigException>(() => ConfigReader.Parse(Good.Replace("\"root\": {\"kind\": \"tpm\", \"tpm\": \"unix:swtpm.sock\"}, ", "", StringComparison.Ordinal), "agent.json"));
        Assert.Contains("\"root\" is missing", Assert.Single(wrong.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_without_settings_for_it_meets_no_peers_keeps_nobody_out_and_asks_in_its_state_directory()
    {
        var config = ConfigReader.Parse(Good, "/etc/trustmesh/agent.json");
        Assert.Null(config.Peer);
        Assert.Equal((AdmissionSettings.Off, 0, 8), (config.Admission!.Mode, config.Admission.Allow.Count, config.OutboxMegabytes));
        Assert.Equal(DoorSettings.In("/etc/trustmesh/state"), config.Socket);
    }

    [Fact]
    public void Peers_admission_socket_and_outbox_are_read()
    {
        var config = ConfigReader.Parse(With("""
            "peer": {"listen": "10.0.0.5:7444"}, "admission": {"mode": "nftables", "allow": ["10.1.0.0/16", "10.0.0.9 tcp 22"]},
            "socket": {"path": "run/agent.sock", "mode": "0660"}, "outboxMegabytes": 64
            """), "/etc/trustmesh/agent.json");
        Assert.Equal(("10.0.0.5:7444", "10.0.0.5:7444"), (config.Peer!.Listen!.ToString(), Assert.Single(config.Peer.Addresses)));
        Assert.Equal(["10.1.0.0/16", "10.0.0.9/32 tcp 22"], config.Admission!.Allow.Select(rule => rule.ToString()));
        Assert.Equal(("/etc/trustmesh/run/agent.sock", "0660"), (config.Socket!.Path, "0" + Convert.ToString((int)config.Socket.Mode, 8)));
        Assert.Equal((AdmissionSettings.Nftables, 64), (config.Admission.Mode, config.OutboxMegabytes));
    }

    [Theory]
    [InlineData("{\"listen\": \"0.0.0.0:7444\"}", "")]
    [InlineData("{\"listen\": \"[::]:7000\"}", "")]
    [InlineData("{}", "")]
    [InlineData("{\"listen\": \"[fd00::5]:7000\"}", "[fd00::5]:7000")]
    [InlineData("{\"listen\": \"127.0.0.1:7000\", \"addresses\": []}", "")]
    [InlineData("{\"listen\": \"0.0.0.0:7444\", \"addresses\": [\"press-1.example:7444\", \"10.0.0.5:7444\"]}", "press-1.example:7444 10.0.0.5:7444")]
    public void Peers_are_told_the_address_it_listens_at_unless_that_is_every_address(string peer, string told)
        => Assert.Equal(told, string.Join(' ', ConfigReader.Parse(With($"\"peer\": {peer}"), "agent.json").Peer!.Addresses));

    [Theory]
    [InlineData("\"peer\": {\"listen\": \"7444\"}", "peer.listen")]
    [InlineData("\"peer\": {\"listen\": \"host.example:7444\"}", "peer.listen")]
    [InlineData("\"peer\": {\"listen\": \"10.0.0.5:0\"}", "peer.listen")]
    [InlineData("\"peer\": {\"lisen\": \"10.0.0.5:7444\"}", "did you mean \"listen\"?")]
    [InlineData("\"peer\": {\"addresses\": [\"press-1.example:7444\"]}", "has no meaning without \"listen\"")]
    [InlineData("\"peer\": {\"listen\": \"0.0.0.0:7444\", \"addresses\": [\"press-1\"]}", "\"press-1\", which is not a host")]
    [InlineData("\"peer\": {\"listen\": \"0.0.0.0:7444\", \"addresses\": [7444]}", "peer.addresses")]
    [InlineData("\"peer\": {\"listen\": \"0.0.0.0:7444\", \"addresses\": [\"a:1\", \"a:2\", \"a:3\", \"a:4\", \"a:5\"]}", "more than 4")]
    [InlineData("\"admission\": {\"mode\": \"nftable\"}, \"peer\": {}", "did you mean \"nftables\"?")]
    [InlineData("\"admission\": {\"mode\": \"nftables\"}", "without \"peer\" nobody ever is one")]
    [InlineData("\"admission\": {\"allow\": [\"10.1.0.1/16\"]}", "admission.allow")]
    [InlineData("\"admission\": {\"allows\": []}", "did you mean \"allow\"?")]
    [InlineData("\"socket\": {\"mode\": \"0777\"}", "socket.mode")]
    [InlineData("\"socket\": {\"mode\": \"0460\"}", "socket.mode")]
    [InlineData("\"socket\": {\"pth\": \"x\"}", "did you mean \"path\"?")]
    [InlineData("\"outboxMegabytes\": 0", "outboxMegabytes")]
    [InlineData("\"outboxMegabytes\": 257", "outboxMegabytes")]
    [InlineData("\"outboxMegabyte\": 8", "did you mean \"outboxMegabytes\"?")]
    [InlineData("\"peers\": {}", "did you mean \"peer\"?")]
    public void One_wrong_thing_among_peers_is_named(string setting, string expected)
    {
        var wrong = Assert.Throws<ConfigException>(() => ConfigReader.Parse(With(setting), "agent.json"));
        Assert.Contains(expected, Assert.Single(wrong.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("naem", "name")]
    [InlineData("joinToken", "joinTokenFile")]
    [InlineData("xyzzy", null)]
    public void Finds_the_word_that_was_meant(string written, string? meant)
        => Assert.Equal(meant, DidYouMean.Nearest(written, ["name", "site", "joinTokenFile", "measure"]));

    private static string With(string settings) => Good.TrimEnd()[..^1] + ", " + settings + "}";

    private static AgentConfig Token(string settings)
        => ConfigReader.Parse(Good.Replace("\"kind\": \"tpm\", \"tpm\": \"unix:swtpm.sock\"", $"\"kind\": \"pkcs11\", {settings}", StringComparison.Ordinal), "/etc/trustmesh/agent.json");
}
