using System.Text.Json;
using System.Text.RegularExpressions;
using TrustMesh.Agent.Measuring;

namespace TrustMesh.Agent.Configuration;

/// <summary>
/// Reads the configuration file: JSON, comments and trailing commas allowed, unknown and repeated keys refused, every problem told at once.
/// Relative paths are relative to the file.
/// </summary>
public static partial class ConfigReader
{
    private const int LargestFile = 256 * 1024;
    private static readonly string[] Keys = ["name", "site", "model", "state", "silo", "joinTokenFile", "root", "measure", "intervalFloorSeconds", "rescanMinutes",
        "peer", "admission", "socket", "outboxMegabytes"];
    private static readonly string[] MeasureKeys = ["root", "prefix", "files"];

    /// <summary>Reads and checks a file. Throws <see cref="ConfigException"/>.</summary>
    public static AgentConfig Read(string file)
    {
        try
        {
            var info = new FileInfo(file);
            if (!info.Exists) throw new ConfigException(file, ["The file does not exist. Make one with: trustmesh-agent config example > agent.json"]);
            if (info.Length > LargestFile) throw new ConfigException(file, [$"The file has {info.Length} bytes, more than {LargestFile}."]);
            return Parse(File.ReadAllText(file), file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException(file, [$"The file can not be read: {unreadable.Message}"]);
        }
    }

    /// <summary>Checks a text; <paramref name="file"/> is its name for messages and the base of relative paths. Throws <see cref="ConfigException"/>.</summary>
    public static AgentConfig Parse(string text, string file)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text, new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 8, AllowDuplicateProperties = false });
        }
        catch (JsonException malformed)
        {
            throw new ConfigException(file, [$"This is not JSON: {malformed.Message}"]);
        }
        using (document)
        {
            var problems = new List<string>();
            var config = Build(document.RootElement, Path.GetDirectoryName(Path.GetFullPath(file))!, problems);
            return problems.Count == 0 ? config : throw new ConfigException(file, problems);
        }
    }

    private static AgentConfig Build(JsonElement element, string folder, List<string> problems)
    {
        var top = new ConfigObject(element, "", Keys, problems);
        string name = Word(top, "name"), site = Word(top, "site", "default"), model = Word(top, "model");
        var state = FullPath(top, "state", folder);
        var silos = Silos(top);
        var token = top.Child("joinTokenFile") is null ? null : FullPath(top, "joinTokenFile", folder);
        return new(name, site, model, state, silos, token, RootReader.Read(top, state, folder, problems), Measure(top, folder, problems),
            TimeSpan.FromSeconds(top.Number("intervalFloorSeconds", 1, 1, 86_400)),
            TimeSpan.FromMinutes(top.Number("rescanMinutes", 10, 1, 1_440)),
            Peer(top, problems), Admission(top, problems), Socket(top, state, folder, problems), top.Number("outboxMegabytes", AgentConfig.DefaultOutboxMegabytes, 1, AgentConfig.MostOutboxMegabytes));
    }

    private static List<MeasureConfig> Measure(ConfigObject top, string folder, List<string> problems)
    {
        var sets = new List<MeasureConfig>();
        foreach (var (item, index) in top.List("measure").Select((item, index) => (item, index)))
        {
            var set = new ConfigObject(item, $"measure[{index}]", MeasureKeys, problems);
            var prefix = set.Text("prefix", "");
            if (prefix.Length > 0 && !Prefix().IsMatch(prefix)) set.Wrong("prefix", "must be empty or look like /firmware/app");
            var globs = new List<string>();
            foreach (var glob in set.List("files"))
            {
                var text = glob.ValueKind == JsonValueKind.String ? glob.GetString()! : "";
                if (Glob.Problem(text) is { } problem) set.Wrong("files", $"has {(text.Length == 0 ? "an entry" : $"\"{text}\"")}, which {problem}");
                else globs.Add(text);
            }
            if (globs.Count == 0) set.Wrong("files", "names no file");
            if (globs.Count > 256) set.Wrong("files", "has more than 256 entries");
            sets.Add(new(FullPath(set, "root", folder), prefix, globs));
        }
        if (sets.Count == 0) top.Wrong("measure", "names nothing to measure; a device that measures nothing can prove nothing");
        if (sets.Count > 32) top.Wrong("measure", "has more than 32 entries");
        return sets;
    }

    /// <summary>One address, or a list of them.</summary>
    private static List<Uri> Silos(ConfigObject top)
    {
        const string Like = "an https address without a path, like https://silo.example:7443";
        if (top.Child("silo") is not { ValueKind: JsonValueKind.Array })
        {
            var text = top.Text("silo");
            if (Silo(text) is { } only) return [only];
            if (text.Length > 0) top.Wrong("silo", $"must be {Like}");
            return [];
        }
        var texts = Texts(top, "silo");
        if (texts.Count == 0) top.Wrong("silo", $"is an empty list; write {Like}");
        if (texts.Count > AgentConfig.MostSilos) top.Wrong("silo", $"has {texts.Count} entries; leave at most {AgentConfig.MostSilos}");
        var silos = new List<Uri>();
        foreach (var text in texts)
        {
            if (Silo(text) is not { } silo) top.Wrong("silo", $"has {(text.Length == 0 ? "an entry" : $"\"{text}\"")}, which is not {Like}");
            else if (silos.Contains(silo)) top.Wrong("silo", $"has {silo.GetLeftPart(UriPartial.Authority)} twice; remove one");
            else silos.Add(silo);
        }
        return silos;
    }

    private static Uri? Silo(string text)
        => Uri.TryCreate(text, UriKind.Absolute, out var silo) && silo.Scheme == Uri.UriSchemeHttps && silo is { PathAndQuery: "/", UserInfo: "", Fragment: "" } ? silo : null;

    private static string Word(ConfigObject top, string key, string? fallback = null)
    {
        var word = top.Text(key, fallback);
        if (word.Length > 0 && !Name().IsMatch(word)) top.Wrong(key, "may have small letters, digits, dots and dashes, must start with a letter or digit, and be at most 63 long");
        return word;
    }

    private static string FullPath(ConfigObject at, string key, string folder) => at.FullPath(key, folder);

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9.-]{0,62})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"\A(/[A-Za-z0-9._-]+)+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Prefix();
}
