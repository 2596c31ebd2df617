using System.Text.Json;

namespace TrustMesh.Dashboard.Model;

/// <summary>One package of what a program is made of, as a table shows it.</summary>
/// <param name="From">The registry: NuGet, npm.</param>
/// <param name="Licence">An SPDX expression where there is one; else what it calls its licence, whose text is in the file.</param>
public sealed record SbomPart(string Name, string Version, string From, string Licence)
{
    /// <summary>The packages of a CycloneDX document, by name; parts of TrustMesh itself are none. What has another shape is passed over.</summary>
    public static IReadOnlyList<SbomPart> Of(JsonElement document) =>
        document.ValueKind != JsonValueKind.Object || !document.TryGetProperty("components", out var all) || all.ValueKind != JsonValueKind.Array ? []
            : [.. all.EnumerateArray().Where(one => Text(one, "purl") is not null).Select(One).OrderBy(one => one.Name, StringComparer.OrdinalIgnoreCase)];

    private static SbomPart One(JsonElement component) => new(
        Text(component, "name") ?? "", Text(component, "version") ?? "", Text(component, "purl")!.StartsWith("pkg:npm/", StringComparison.Ordinal) ? "npm" : "NuGet",
        component.TryGetProperty("licenses", out var licences) && licences.ValueKind == JsonValueKind.Array ? string.Join(", ", licences.EnumerateArray().Select(Licences)) : "");

    private static string Licences(JsonElement one) =>
        Text(one, "expression") ?? (one.ValueKind == JsonValueKind.Object && one.TryGetProperty("license", out var licence) ? Text(licence, "id") ?? Text(licence, "name") : null) ?? "";

    private static string? Text(JsonElement one, string name) =>
        one.ValueKind == JsonValueKind.Object && one.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
