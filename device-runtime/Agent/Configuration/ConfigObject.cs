using System.Text.Json;

namespace TrustMesh.Agent.Configuration;

/// <summary>One JSON object of a configuration: knows which keys it may have, collects what is wrong instead of stopping at the first.</summary>
internal sealed class ConfigObject
{
    private readonly JsonElement element;
    private readonly string path;
    private readonly List<string> problems;

    public ConfigObject(JsonElement element, string path, IReadOnlyList<string> keys, List<string> problems)
    {
        (this.element, this.path, this.problems) = (element, path, problems);
        if (element.ValueKind != JsonValueKind.Object)
        {
            problems.Add($"{(path.Length == 0 ? "The configuration" : $"\"{path}\"")} must be an object {{…}}.");
            return;
        }
        foreach (var property in element.EnumerateObject())
        {
            if (keys.Contains(property.Name)) continue;
            var near = DidYouMean.Nearest(property.Name, keys);
            problems.Add($"\"{At(property.Name)}\" is not a setting{(near is null ? $"; there are: {string.Join(", ", keys)}" : $"; did you mean \"{near}\"?")}{(near is null ? "." : "")}");
        }
    }

    /// <summary>The text at a key; the fallback where it is missing (null: it is required).</summary>
    public string Text(string key, string? fallback = null)
    {
        if (!Find(key, out var value))
        {
            if (fallback is null) problems.Add($"\"{At(key)}\" is missing.");
            return fallback ?? "";
        }
        if (value.ValueKind == JsonValueKind.String) return value.GetString()!;
        Wrong(key, "must be a text");
        return fallback ?? "";
    }

    /// <summary>The path at a required key, made absolute from <paramref name="folder"/>; empty where there is none.</summary>
    public string FullPath(string key, string folder)
    {
        var path = Text(key);
        if (path.Length == 0) return "";
        if (!path.Contains('\0')) return Path.GetFullPath(path, folder);
        Wrong(key, "has a zero byte");
        return "";
    }

    public int Number(string key, int fallback, int least, int most)
    {
        if (!Find(key, out var value)) return fallback;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most) return number;
        Wrong(key, $"must be a whole number from {least} to {most}");
        return fallback;
    }

    public IEnumerable<JsonElement> List(string key)
    {
        if (!Find(key, out var value)) return [];
        if (value.ValueKind == JsonValueKind.Array) return [.. value.EnumerateArray()];
        Wrong(key, "must be a list […]");
        return [];
    }

    public JsonElement? Child(string key) => Find(key, out var value) ? value : null;

    public string At(string key) => path.Length == 0 ? key : $"{path}.{key}";

    /// <summary>Notes a problem of one key. <paramref name="problem"/> continues a sentence that starts with the key.</summary>
    public void Wrong(string key, string problem) => problems.Add($"\"{At(key)}\" {problem}.");

    private bool Find(string key, out JsonElement value)
    {
        value = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out value) && value.ValueKind != JsonValueKind.Null;
    }
}
