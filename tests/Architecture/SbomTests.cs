using System.Text.Json;
using TrustMesh.Cli.Commands;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Model;
using TrustMesh.Host;
using TrustMesh.Tests.Cli;
using TrustMesh.Tests.Parts;

namespace TrustMesh.Tests.Architecture;

/// <summary>Every program says what it is made of, and leaves nothing out.</summary>
public sealed class SbomTests
{
    [Theory]
    [InlineData("trustmesh")]
    [InlineData("trustmesh-silo")]
    [InlineData("trustmesh-dashboard")]
    [InlineData("trustmesh-agent")]
    public void Everything_the_runtime_loads_is_in_it_with_version_digest_and_licence(string program)
    {
        using var deps = Read($"{program}.deps.json");
        using var sbom = Read($"{program}.cdx.json");
        var components = sbom.RootElement.GetProperty("components").EnumerateArray().ToDictionary(one => $"{one.GetProperty("name").GetString()}/{one.GetProperty("version").GetString()}");
        foreach (var library in deps.RootElement.GetProperty("libraries").EnumerateObject().Where(one => !one.Name.StartsWith($"{program}/", StringComparison.Ordinal)))
        {
            Assert.True(components.TryGetValue(library.Name, out var there), $"{library.Name} is not in {program}.cdx.json");
            if (library.Value.GetProperty("type").GetString() != "package") continue;
            Assert.Equal($"pkg:nuget/{library.Name.Replace('/', '@')}", there.GetProperty("purl").GetString());
            var digest = there.GetProperty("hashes")[0];
            Assert.Equal(("SHA-512", library.Value.GetProperty("sha512").GetString()), (digest.GetProperty("alg").GetString(), "sha512-" + Convert.ToBase64String(Convert.FromHexString(digest.GetProperty("content").GetString()!))));
        }
        // What runs in a browser has no deps.json.
        if (program == "trustmesh-dashboard") Assert.Contains("Microsoft.AspNetCore.App.Runtime.linux-x64", sbom.RootElement.GetProperty("components").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
        AssertShape(sbom.RootElement, program);
        Assert.All(SbomPart.Of(sbom.RootElement), part => Assert.True(part.Licence.Length > 0, part.Name));
        Assert.Equal(components.Values.Count(one => one.TryGetProperty("purl", out _)), SbomPart.Of(sbom.RootElement).Count);
    }

    [Fact]
    public void Every_package_in_the_bundles_is_in_the_dashboards_and_has_its_licence_beside_them()
    {
        using var meta = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "dashboard", "obj", "graph.meta.json")));
        using var sbom = Read("trustmesh-dashboard.cdx.json");
        var packages = meta.RootElement.GetProperty("outputs").EnumerateObject().SelectMany(output => output.Value.GetProperty("inputs").EnumerateObject())
            .Where(input => input.Value.GetProperty("bytesInOutput").GetInt64() > 0 && input.Name.StartsWith("node_modules/", StringComparison.Ordinal)).Select(input => input.Name.Split('/')[1]).ToHashSet();
        Assert.Superset(new HashSet<string> { "sigma", "graphology" }, packages);
        var texts = LicenceText.Parse(File.ReadAllText(Path.Combine(Repository.Root, "dashboard", "wwwroot", "graph", "LICENCES.txt")));
        Assert.Equal(packages.Order(), SbomPart.Of(sbom.RootElement).Where(part => part.From == "npm").Select(part => part.Name).Order());
        Assert.Equal(packages.Order(), texts.Select(text => text.Title.Split(' ')[0]).Order());
        Assert.All(texts, text => Assert.Contains("Permission is hereby granted", text.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_package_without_a_licence_text_is_not_bundled()
    {
        Assert.SkipUnless(Parts.Command.Exists("node"), "node is not installed");
        var folder = Directory.CreateTempSubdirectory("trustmesh-licences-").FullName;
        try
        {
            foreach (var path in new[] { "obj", "wwwroot/graph", "node_modules/free", "node_modules/@some/closed" }) Directory.CreateDirectory(Path.Combine(folder, path));
            Write("package-lock.json", """{"packages":{}}""");
            Write("node_modules/free/package.json", """{"name":"free","version":"1.0.0","license":"MIT"}""");
            Write("node_modules/free/LICENSE", "Do as you like.");
            Write("node_modules/@some/closed/package.json", """{"name":"@some/closed","version":"2.0.0","license":"MIT"}""");
            Write("obj/graph.meta.json", """{"outputs":{"a.js":{"inputs":{"node_modules/free/index.js":{"bytesInOutput":10},"node_modules/@some/closed/a/b.js":{"bytesInOutput":0},"Graph/graph.ts":{"bytesInOutput":9}}}}}""");
            var script = Path.Combine(Repository.Root, "dashboard", "Build", "licences.mjs");
            // What was shaken out is not shipped.
            Assert.Equal(0, Parts.Command.Run(folder, "node", script).Code);
            Assert.Equal("free 1.0.0: MIT\n\nDo as you like.\n", File.ReadAllText(Path.Combine(folder, "wwwroot/graph/LICENCES.txt")));
            Write("obj/graph.meta.json", """{"outputs":{"a.js":{"inputs":{"node_modules/@some/closed/a/b.js":{"bytesInOutput":1}}}}}""");
            var (code, _, error) = Parts.Command.Run(folder, "node", script);
            Assert.Equal(1, code);
            Assert.Contains("@some/closed 2.0.0 is in a bundle and has no licence text", error, StringComparison.Ordinal);
            Write("node_modules/@some/closed/LICENSE.md", "Ask first.");
            Assert.Equal(0, Parts.Command.Run(folder, "node", script).Code);
            Assert.Contains("\"purl\":\"pkg:npm/%40some/closed@2.0.0\"", File.ReadAllText(Path.Combine(folder, "wwwroot/graph/components.jsonl")), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        void Write(string path, string text) => File.WriteAllText(Path.Combine(folder, path), text);
    }

    [Fact]
    public async Task The_command_and_the_silo_print_theirs()
    {
        var run = new CliRun();
        Assert.Equal(0, await run.RunAsync("version", "--sbom"));
        Assert.Equal(File.ReadAllText(Sbom.FileOf(typeof(VersionCommand).Assembly)), run.Output);
        Assert.Equal(0, await run.RunAsync("version"));
        Assert.Matches(@"^\d+\.\d+\.\d+\S*\n$", run.Output);
        var (code, output, error) = Parts.Command.Run(AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "trustmesh-silo"), "--sbom");
        Assert.True(code == 0, error);
        Assert.Equal(File.ReadAllText(Sbom.FileOf(typeof(SiloProcess).Assembly)), output);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"components":{"name":1}}""")]
    [InlineData("""{"components":[1,{"purl":7},{"name":"x"}]}""")]
    public void What_is_no_such_list_has_no_parts(string text)
    {
        using var document = JsonDocument.Parse(text);
        Assert.Empty(SbomPart.Of(document.RootElement));
    }

    /// <summary>As CycloneDX 1.6 has it: required members, no others at the top, references that are there and are one of a kind.</summary>
    private static void AssertShape(JsonElement sbom, string program)
    {
        Assert.Equal(["bomFormat", "specVersion", "version", "metadata", "components", "dependencies"], sbom.EnumerateObject().Select(one => one.Name));
        Assert.Equal(("CycloneDX", "1.6", 1), (sbom.GetProperty("bomFormat").GetString(), sbom.GetProperty("specVersion").GetString(), sbom.GetProperty("version").GetInt32()));
        var self = sbom.GetProperty("metadata").GetProperty("component");
        Assert.Equal(("application", program), (self.GetProperty("type").GetString(), self.GetProperty("name").GetString()));
        var known = new HashSet<string> { self.GetProperty("bom-ref").GetString()! };
        foreach (var one in sbom.GetProperty("components").EnumerateArray())
        {
            Assert.Empty(one.EnumerateObject().Select(member => member.Name).Except(["type", "bom-ref", "name", "version", "purl", "hashes", "licenses"]));
            Assert.Equal("library", one.GetProperty("type").GetString());
            Assert.True(known.Add(one.GetProperty("bom-ref").GetString()!), one.GetRawText());
            if (!one.TryGetProperty("licenses", out var licences)) continue;
            foreach (var licence in licences.EnumerateArray())
            {
                if (licence.TryGetProperty("expression", out _)) Assert.Equal(1, licences.GetArrayLength());
                else Assert.True(licence.GetProperty("license").TryGetProperty("id", out _) ^ licence.GetProperty("license").TryGetProperty("name", out _));
            }
        }
        foreach (var one in sbom.GetProperty("dependencies").EnumerateArray())
        {
            Assert.Contains(one.GetProperty("ref").GetString()!, known);
            Assert.All(one.GetProperty("dependsOn").EnumerateArray(), to => Assert.Contains(to.GetString()!, known));
        }
        // Nothing hangs in the air: what is not asked for by anybody is asked for by the program.
        Assert.Empty(known.Skip(1).Except(sbom.GetProperty("dependencies").EnumerateArray().SelectMany(one => one.GetProperty("dependsOn").EnumerateArray()).Select(to => to.GetString()!)));
    }

    private static JsonDocument Read(string file) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, file)));
}
