using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Model;

/// <summary>A draft of a policy as text: the JSON that PUT /api/v1/policy takes.</summary>
public static class PolicyDraft
{
    /// <summary>Characters of one, as the silo takes no larger body.</summary>
    public const int Most = 16 * 1024;

    private static readonly ContractJson s_shown = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Null, with a sentence, if the text is none. What it means the silo says.</summary>
    public static PolicyUpdate? Parse(string text, out string? wrong)
    {
        wrong = null;
        if (string.IsNullOrWhiteSpace(text))
            return null;
        if (text.Length > Most)
        {
            wrong = $"A draft has at most {Most:N0} characters.";
            return null;
        }
        try
        {
            var draft = JsonSerializer.Deserialize(text, ContractJson.Strict.PolicyUpdate);
            wrong = draft is null ? "A draft is a JSON object." : draft == new PolicyUpdate() ? "The draft changes nothing." : null;
            return wrong is null ? draft : null;
        }
        catch (JsonException bad)
        {
            wrong = $"Line {(bad.LineNumber ?? 0) + 1}: this is no draft of a policy{(bad.Path is { Length: > 1 } path ? $", at {NameText.Plain(path)}" : "")}.";
            return null;
        }
    }

    /// <summary>A policy as a draft, to begin with.</summary>
    public static string Of(PolicyView policy) => JsonSerializer.Serialize(PolicyUpdate.Of(policy), s_shown.PolicyUpdate);
}
