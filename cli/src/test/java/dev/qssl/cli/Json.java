package dev.qssl.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads what commands write as JSON. */
final class Json {

    private Json() {}

    /** {@return the members of an object, as text} */
    static Map<String, String> object(String text) {
        return object(JsonParser.parseString(text));
    }

    /** {@return the members of an object, as text} */
    static Map<String, String> object(JsonElement object) {
        Map<String, String> members = new LinkedHashMap<>();
        object.getAsJsonObject()
                .asMap()
                .forEach((name, value) ->
                        members.put(name, value.isJsonPrimitive() ? value.getAsString() : value.toString()));
        return members;
    }
}
