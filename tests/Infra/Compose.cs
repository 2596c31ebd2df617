using TrustMesh.Tests.Parts;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace TrustMesh.Tests.Infra;

/// <summary>compose.yaml with its anchors resolved.</summary>
internal static class Compose
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "infra", "container");

    public static IReadOnlyDictionary<string, object> Root { get; } = Read();

    public static IReadOnlyDictionary<string, Part> Parts { get; } = Map(Root["services"]).ToDictionary(one => one.Key, one => new Part(one.Key, Map(one.Value)));

    public static IReadOnlyDictionary<string, object> Map(object? value) => value is null ? new Dictionary<string, object>() : ((IDictionary<object, object>)value).ToDictionary(one => (string)one.Key, one => one.Value);

    public static IReadOnlyList<object> List(object value) => [.. (IEnumerable<object>)value];

    private static IReadOnlyDictionary<string, object> Read()
    {
        var parser = new MergingParser(new Parser(new StringReader(File.ReadAllText(Path.Combine(Folder, "compose.yaml")))));
        return Map(new DeserializerBuilder().Build().Deserialize<object>(parser));
    }

    public sealed record Part(string Name, IReadOnlyDictionary<string, object> Keys)
    {
        public IReadOnlyDictionary<string, object> Environment => Map(Keys.GetValueOrDefault("environment"));

        public string Image => (string)Keys["image"];

        public IEnumerable<IReadOnlyDictionary<string, object>> Volumes => List(Keys["volumes"]).Select(Map);

        public IEnumerable<string> Words => ((string[])["entrypoint", "command"]).Where(Keys.ContainsKey).SelectMany(key => List(Keys[key])).Cast<string>();

        public IReadOnlyList<string> Networks
            => Keys.GetValueOrDefault("networks") switch { IDictionary<object, object> named => [.. named.Keys.Cast<string>()], IEnumerable<object> listed => [.. listed.Cast<string>()], _ => [] };

        public bool Once => Keys.GetValueOrDefault("restart") as string == "no";
    }
}
