using TrustMesh.Agent.Configuration;

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

    [Fact]
    public void There_is_no_root_by_default_and_none_to_fall_back_to()
    {
        var wrong = Assert.Throws<ConfigException>(() => ConfigReader.Parse(Good.Replace("\"root\": {\"kind\": \"tpm\", \"tpm\": \"unix:swtpm.sock\"}, ", "", StringComparison.Ordinal), "agent.json"));
        Assert.Contains("\"root\" is missing", Assert.Single(wrong.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("naem", "name")]
    [InlineData("joinToken", "joinTokenFile")]
    [InlineData("xyzzy", null)]
    public void Finds_the_word_that_was_meant(string written, string? meant)
        => Assert.Equal(meant, DidYouMean.Nearest(written, ["name", "site", "joinTokenFile", "measure"]));
}
